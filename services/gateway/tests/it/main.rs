//! The gateway as a browser sees it, on a real database and a real broker; the services behind
//! it are played by data held in memory.

mod access;
mod answering;
mod audit;
mod away;
mod browser;
mod capacity;
mod company;
mod desk;
mod drain;
mod handled;
mod live;
mod means;
mod moves;
mod pages;
mod peers;
mod personal;
mod restricted;
mod routes;
mod session;
mod sessions;
mod stories;
mod story;
mod team;
mod world;

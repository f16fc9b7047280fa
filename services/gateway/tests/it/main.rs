//! The gateway as a browser sees it, on a real database and a real broker; the services behind
//! it are played by data held in memory.

mod answering;
mod browser;
mod company;
mod desk;
mod drain;
mod live;
mod pages;
mod peers;
mod personal;
mod routes;
mod session;
mod sessions;
mod team;
mod world;

//! The gateway as a browser sees it, on a real database and a real broker; the services behind
//! it are played by data held in memory.

mod browser;
mod drain;
mod live;
mod pages;
mod peers;
mod routes;
mod session;
mod world;

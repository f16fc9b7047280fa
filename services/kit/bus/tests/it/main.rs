//! The bus against a real NATS server and a real PostgreSQL. Every test of a fault asserts that
//! the fault was really met.

mod cluster;
mod faults_of_readers;
mod faults_of_streams;
mod operators;
mod parking;
mod rights;
mod tails;
mod waiting;
mod way;
mod world;

// SPDX-License-Identifier: GPL-3.0-or-later
use std::{fmt, io};

use tonic::Status;

/// What can go wrong in the store.
#[derive(Debug)]
pub enum Error {
    Storage(rocksdb::Error),
    Io(io::Error),
    Malformed(&'static str),
    Config(String),
    Closed,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Storage(error) => write!(out, "storage: {error}"),
            Error::Io(error) => write!(out, "input or output: {error}"),
            Error::Malformed(what) => write!(out, "malformed {what}"),
            Error::Config(what) => write!(out, "configuration: {what}"),
            Error::Closed => out.write_str("the store is closed"),
        }
    }
}

impl std::error::Error for Error {}

impl From<rocksdb::Error> for Error {
    fn from(error: rocksdb::Error) -> Self {
        Error::Storage(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Io(error)
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Storage(ref cause) if cause.kind() == rocksdb::ErrorKind::Busy => {
                Status::aborted(error.to_string())
            }
            Error::Malformed(_) => Status::invalid_argument(error.to_string()),
            Error::Closed => Status::unavailable(error.to_string()),
            Error::Storage(_) | Error::Io(_) | Error::Config(_) => Status::internal(error.to_string()),
        }
    }
}

pub type Result<T> = std::result::Result<T, Error>;

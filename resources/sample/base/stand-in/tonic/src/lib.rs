// SPDX-License-Identifier: GPL-3.0-or-later
//! The part of `tonic` that the store needs.

use std::fmt;

pub struct Request<T> {
    message: T,
}

impl<T> Request<T> {
    pub fn new(message: T) -> Self {
        Request { message }
    }

    pub fn get_ref(&self) -> &T {
        &self.message
    }

    pub fn into_inner(self) -> T {
        self.message
    }
}

#[derive(Debug)]
pub struct Response<T> {
    message: T,
}

impl<T> Response<T> {
    pub fn new(message: T) -> Self {
        Response { message }
    }

    pub fn into_inner(self) -> T {
        self.message
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    InvalidArgument,
    NotFound,
    Aborted,
    Internal,
    Unavailable,
}

#[derive(Clone, Debug)]
pub struct Status {
    code: Code,
    message: String,
}

impl Status {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Status { code, message: message.into() }
    }

    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Status::new(Code::InvalidArgument, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Status::new(Code::NotFound, message)
    }

    pub fn aborted(message: impl Into<String>) -> Self {
        Status::new(Code::Aborted, message)
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Status::new(Code::Internal, message)
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        Status::new(Code::Unavailable, message)
    }

    pub fn code(&self) -> Code {
        self.code
    }
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: {}", self.code, self.message)
    }
}

impl std::error::Error for Status {}

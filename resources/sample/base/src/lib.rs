// SPDX-License-Identifier: GPL-3.0-or-later
//! A small replicated key-value store.

pub mod cache;
pub mod codec;
pub mod config;
pub mod error;
pub mod journal;
pub mod metrics;
pub mod replication;
pub mod server;
pub mod store;

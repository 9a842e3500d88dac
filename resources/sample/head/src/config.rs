// SPDX-License-Identifier: GPL-3.0-or-later
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};

/// The settings of one node, read from lines of `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub data: PathBuf,
    pub listen: String,
    pub peers: Vec<String>,
    pub cache_bytes: usize,
    pub heartbeat: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data: PathBuf::from("data"),
            listen: "127.0.0.1:7070".into(),
            peers: Vec::new(),
            cache_bytes: 64 << 20,
            heartbeat: Duration::from_millis(500),
        }
    }
}

impl Config {
    /// Empty lines and lines that start with `#` are left out; an unknown name is an error.
    pub fn parse(text: &str) -> Result<Config> {
        let mut config = Config::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, value)) = line.split_once('=') else {
                return Err(Error::Config(format!("line {}: no `=`", number + 1)));
            };
            config.set(name.trim(), value.trim())?;
        }
        Ok(config)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "data" => self.data = value.into(),
            "listen" => self.listen = value.into(),
            "peer" => self.peers.push(value.into()),
            "cache_bytes" => self.cache_bytes = number(name, value)?,
            "heartbeat_ms" => self.heartbeat = Duration::from_millis(number(name, value)?),
            _ => return Err(Error::Config(format!("`{name}` is no setting"))),
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T> {
    value.parse().map_err(|_| Error::Config(format!("`{name}`: `{value}` is no number in range")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_settings() {
        let config = Config::parse("# node 1\ndata = /var/kv\npeer = a:1\npeer = b:1\n\ncache_bytes=1024").unwrap();
        assert_eq!(config.data, PathBuf::from("/var/kv"));
        assert_eq!(config.peers, ["a:1", "b:1"]);
        assert_eq!(config.cache_bytes, 1024);
    }

    #[test]
    fn names_what_it_cannot_read() {
        let error = Config::parse("cache_bytes = many").unwrap_err();
        assert!(error.to_string().contains("many"));
    }
}

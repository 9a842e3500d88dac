// SPDX-License-Identifier: GPL-3.0-or-later
//! A journal of changes as lines of text, for people who look for what happened.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::error::Result;

pub struct Journal {
    path: PathBuf,
    file: File,
    lines: u64,
}

impl Journal {
    pub fn open(path: &Path) -> Result<Journal> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let lines = BufReader::new(File::open(path)?).lines().count() as u64;
        Ok(Journal { path: path.to_path_buf(), file, lines })
    }

    pub fn record(&mut self, action: &str, key: &[u8]) -> Result<u64> {
        writeln!(self.file, "{action} {}", String::from_utf8_lossy(key))?;
        self.lines += 1;
        Ok(self.lines)
    }

    pub fn sync(&self) -> Result<()> {
        self.file.sync_data()?;
        Ok(())
    }

    /// The last `count` lines, oldest first.
    pub fn tail(&self, count: usize) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for line in BufReader::new(File::open(&self.path)?).lines() {
            lines.push(line?);
        }
        let start = lines.len().saturating_sub(count);
        Ok(lines.split_off(start))
    }
}

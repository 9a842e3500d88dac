// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rust {

/// Fills a File from its tree in one pass over the nodes.
class FileReader {
public:
    explicit FileReader(File &file) : m_file(file) {}
    void read();

private:
    void readItem(const Node &node);
    void readFunction(const Node &node);
    void readStruct(const Node &node, std::vector<Struct> &into);
    void readImpl(const Node &node);
    void readStatic(const Node &node);
    void readUse(const Node &node);
    void readTestScope(const Node &node);

    File &m_file;
};

/// The texts inside the `#[…]` before an item, in order; its own `#![…]` ones for a module with a body.
std::vector<std::string> attributesOf(const Node &item);
/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[bench]` …
bool isTestAttribute(std::string_view attribute);
/// One name that a `use` brings in; name "*" for a glob.
struct UsedName {
    std::string name;
    std::string path;
};
std::vector<UsedName> usedNames(const Node &useDeclaration);
/// A path's text without white space and generics, `r#` kept: `a :: b<T>` → "a::b".
std::string pathOf(const Node &node);
/// In the tests, benches, examples or fuzz targets of a crate, or its build script.
bool isTestPath(std::string_view path);

} // namespace review::rust

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/guards.h"

#include <string>

namespace review::rust {

/// Names the locks of one file: which field, static or local a receiver is.
class LockNamer {
public:
    LockNamer(const Model &model, const File &file) : m_model(model), m_file(file) {}

    /// The lock that an expression is; family and type are the caller's to fill in.
    Lock name(const Node &receiver) const;

private:
    struct Place {
        std::string key;
        std::string text;
        Node root;
        Node declaration;
        bool fixed = true;
        bool assumed = false;
    };
    Place placeOf(const Node &expression, int depth) const;
    Place placeOfName(const Node &identifier, int depth) const;
    Place placeOfField(const Node &expression, int depth) const;
    Place elementOf(const Node &iterated, int depth) const;
    Place placeOfCall(const Node &expression, int depth) const;
    std::string localKey(const Node &at, std::string_view name) const;

    const Model &m_model;
    const File &m_file;
};

} // namespace review::rust

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A model of a few files given as text, for tests. Nodes stay valid as long as it lives.
class RustSource {
public:
    explicit RustSource(std::string text, std::string edition = "2021")
        : RustSource({{"src/lib.rs", std::move(text)}}, std::move(edition))
    {}
    explicit RustSource(std::vector<std::pair<std::string, std::string>> files, std::string edition = "2021")
    {
        for (auto &[path, text] : files) {
            auto tree = review::rust::Tree::parse(std::move(text));
            if (tree)
                m_model.add(std::make_unique<review::rust::File>(std::move(path), edition, *tree));
        }
        m_model.link();
    }

    const review::rust::Model &model() const { return m_model; }
    const review::rust::File &file(std::size_t index = 0) const
    {
        return *m_model.sources().at(index)->file();
    }
    review::rust::Node root() const { return file().root(); }
    /// The first node with exactly this text, of the kind if one is given.
    review::rust::Node node(std::string_view text, std::string_view kind = {}) const
    {
        for (const review::rust::Node found : root().descendants()) {
            if (found.isNamed() && found.text() == text && (kind.empty() || found.is(kind)))
                return found;
        }
        return {};
    }
    const review::rust::Function *function(std::string_view name) const
    {
        const auto found = m_model.functionsNamed(name);
        return found.empty() ? nullptr : found.front();
    }

private:
    review::rust::Model m_model;
};

} // namespace support

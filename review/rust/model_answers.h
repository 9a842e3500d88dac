// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace review::rust {

/// Answers by the index of the node they are about; they never change. For several threads: two may find the
/// same at once, and then the first one's stays.
template <typename Answer>
class KeptAnswers {
public:
    std::optional<Answer> find(std::uint32_t node) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_answers.find(node);
        return found == m_answers.end() ? std::nullopt : std::optional<Answer>(found->second);
    }
    void keep(std::uint32_t node, const Answer &answer)
    {
        const std::lock_guard lock(m_mutex);
        m_answers.try_emplace(node, answer);
    }

private:
    mutable std::mutex m_mutex;
    std::unordered_map<std::uint32_t, Answer> m_answers;
};

/// An inferred type and what it took, so that bounds hold as if it were inferred again.
struct InferredType {
    Type type;
    int steps = 0;
    int depth = 0; ///< how much deeper than the expression itself the inference went
};

/// What a model found out about the nodes of one file.
struct Model::Answers {
    KeptAnswers<InferredType> inferred;
    KeptAnswers<Type> read;
    KeptAnswers<std::vector<const Function *>> callees;
};

template <typename Visit>
void Model::visit(std::span<const NameTable::Place> places, const Visit &visit) const
{
    for (const NameTable::Place &place : places) {
        const File *file = m_sources[place.file]->file();
        if (file && !visit(*file))
            return;
    }
}

} // namespace review::rust

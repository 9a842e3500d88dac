// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/declared_names.h"
#include "review/rust/text_parts.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace review::rust {

class File;
class Tree;

/// One file of a model, whose syntax is read when something first asks for it. Its text is at hand, and what
/// it may declare is known from that alone. May be asked by several threads and be shared by models.
class SourceFile {
public:
    /// Makes the file of a source; null where it cannot be read. Asks nothing of any source.
    using Read = std::function<std::unique_ptr<File>(const SourceFile &)>;

    /// `text` outlives it. An empty edition is one that was not found.
    SourceFile(std::string path, const std::string &text, std::string edition, Read read);
    /// One that is read already.
    explicit SourceFile(std::unique_ptr<File> file);
    ~SourceFile();
    SourceFile(const SourceFile &) = delete;
    SourceFile &operator=(const SourceFile &) = delete;

    const std::string &path() const { return m_path; }
    const std::string &text() const { return m_text; }
    const std::string &edition() const { return m_edition; }
    /// Whether the text has this in it.
    bool contains(std::string_view part) const;
    /// One pass over the text at the first question.
    const DeclaredNames &names() const;

    /// Reads it at the first question, while others who ask wait; null where it cannot be read.
    const File *file() const;
    /// Null as long as nobody asked for it.
    const File *fileIfRead() const { return m_known.load(std::memory_order_acquire); }
    /// It was asked for and cannot be read.
    bool hasFailed() const { return m_hasFailed.load(std::memory_order_acquire); }

private:
    void take(std::unique_ptr<File> file) const;

    std::string m_path;
    const std::string &m_text;
    std::string m_edition;
    Read m_read;
    mutable std::once_flag m_isRead;
    mutable std::unique_ptr<File> m_file;
    mutable std::atomic<const File *> m_known = nullptr;
    mutable std::atomic<bool> m_hasFailed = false;
    mutable std::once_flag m_hasNames;
    mutable DeclaredNames m_names;
    mutable TextParts m_parts;
};

} // namespace review::rust

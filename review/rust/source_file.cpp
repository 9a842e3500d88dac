// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/source_file.h"

#include "review/rust/model.h"

#include <utility>

namespace review::rust {

SourceFile::SourceFile(std::string path, const std::string &text, std::string edition, Read read)
    : m_path(std::move(path))
    , m_text(text)
    , m_edition(std::move(edition))
    , m_read(std::move(read))
{}

SourceFile::SourceFile(std::unique_ptr<File> file)
    : m_path(file->path())
    , m_text(file->tree().text())
    , m_edition(file->editionKnown() ? file->edition() : std::string())
{
    std::call_once(m_isRead, [&] { take(std::move(file)); });
}

SourceFile::~SourceFile() = default;

void SourceFile::take(std::unique_ptr<File> file) const
{
    m_file = std::move(file);
    if (m_file)
        m_file->m_source = this;
    m_hasFailed.store(!m_file, std::memory_order_release);
    m_known.store(m_file.get(), std::memory_order_release);
}

const File *SourceFile::file() const
{
    std::call_once(m_isRead, [this] { take(m_read(*this)); });
    return m_file.get();
}

bool SourceFile::contains(std::string_view part) const
{
    return m_parts.contains(m_text, part);
}

const DeclaredNames &SourceFile::names() const
{
    std::call_once(m_hasNames, [this] { m_names = declaredNames(m_text); });
    return m_names;
}

} // namespace review::rust

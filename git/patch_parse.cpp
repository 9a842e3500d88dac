// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/lines.h"
#include "git/patch.h"
#include "git/patch_names.h"
#include "git/similarity.h"

#include <charconv>
#include <optional>
#include <unordered_set>

#include <sys/stat.h>

namespace git {
namespace {

constexpr std::size_t maxPatchBytes = 64u << 20;
constexpr std::uint32_t regularMode = 0100644;
constexpr std::uint32_t submoduleMode = 0160000;
constexpr std::uint32_t maxLineNumber = 0x7FFFFFFF;

bool takePrefix(std::string_view &text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

template <typename T>
std::optional<T> takeNumber(std::string_view &text, int base = 10)
{
    T value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (failure != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// "12,3" or "12": first line (as git counts) and how many.
struct Span {
    std::uint32_t first = 0;
    std::uint32_t count = 1;
};

std::optional<Span> takeSpan(std::string_view &text)
{
    Span span;
    const std::optional<std::uint32_t> first = takeNumber<std::uint32_t>(text);
    if (!first)
        return std::nullopt;
    span.first = *first;
    if (takePrefix(text, ",")) {
        const std::optional<std::uint32_t> count = takeNumber<std::uint32_t>(text);
        if (!count)
            return std::nullopt;
        span.count = *count;
    }
    if (span.first > maxLineNumber || span.count > maxLineNumber)
        return std::nullopt;
    return span;
}

struct HunkHeader {
    Span oldSpan;
    Span newSpan;
};

std::optional<HunkHeader> readHunkHeader(std::string_view line)
{
    if (!takePrefix(line, "@@ -"))
        return std::nullopt;
    const std::optional<Span> oldSpan = takeSpan(line);
    if (!oldSpan || !takePrefix(line, " +"))
        return std::nullopt;
    const std::optional<Span> newSpan = takeSpan(line);
    if (!newSpan || !line.starts_with(" @@"))
        return std::nullopt;
    return HunkHeader{*oldSpan, *newSpan};
}

/// 0-based; git names the line before an empty range.
std::uint32_t firstLine(const Span &span)
{
    return span.count > 0 && span.first > 0 ? span.first - 1 : span.first;
}

/// One side of a file while its headers and hunks are read.
struct SideReader {
    FileSide side{{}, {}, regularMode};
    std::string text;
    std::uint32_t lines = 0;
    bool ended = false; ///< a line without its LF was read: nothing may follow

    void add(std::string_view line)
    {
        text += line;
        ++lines;
    }
};

class PatchReader {
public:
    PatchReader(std::string_view bytes, const std::string &name) : m_lines(bytes), m_name(name) {}

    Result<Patch> run();

private:
    Error fail(const std::string &what) const
    {
        return {ErrorKind::Parse, "The patch " + displayName(m_name) + " cannot be read, line " +
                                      std::to_string(m_at + 1) + ": " + what};
    }

    bool atEnd() const { return m_at >= m_lines.count(); }
    std::string_view line(std::size_t at) const
    {
        return at < m_lines.count() ? m_lines[at] : std::string_view();
    }

    bool startsPlainFile() const
    {
        return line(m_at).starts_with("--- ") && line(m_at + 1).starts_with("+++ ") &&
               line(m_at + 2).starts_with("@@ -");
    }

    Result<void> readGitFile();
    Result<bool> readExtendedHeader(std::string_view text);
    Result<void> readMode(std::string_view text, SideReader *only);
    Result<void> readNames();
    Result<void> readHunks();
    Result<void> readHunk(const HunkHeader &header);
    Result<void> readHunkLine(Span &oldLeft, Span &newLeft);
    void markMissingLineEnd(char sign);
    void skipBinaryPatch();
    void begin();
    Result<void> finish();

    Lines m_lines;
    std::string m_name;
    std::size_t m_at = 0;
    Patch m_patch;
    std::unordered_set<std::string> m_paths;
    // The file that is being read.
    SideReader m_old;
    SideReader m_new;
    FileStatus m_status = FileStatus::Modified;
    int m_similarity = 0;
    bool m_binary = false;
    std::vector<PatchedFile::Excerpt> m_excerpts;
};

Result<Patch> PatchReader::run()
{
    while (!atEnd()) {
        const std::string_view text = line(m_at);
        if (text.starts_with("diff --cc ") || text.starts_with("diff --combined "))
            return fail("the combined diff of a merge has no two sides. Give a diff against one parent.");
        if (text.starts_with("diff --git ")) {
            if (const Result<void> read = readGitFile(); !read)
                return read.error();
        } else if (startsPlainFile()) {
            begin();
            if (const Result<void> read = readNames(); !read)
                return read.error();
            if (const Result<void> read = readHunks(); !read)
                return read.error();
            if (const Result<void> finished = finish(); !finished)
                return finished.error();
        } else {
            ++m_at;
        }
    }
    if (m_patch.files.empty())
        return Error{ErrorKind::Parse, "There is no unified diff in " + displayName(m_name) + "."};
    m_patch.diff.base = {ResolvedEndpoint::Kind::Patch, {}, "before " + displayName(m_name)};
    m_patch.diff.head = {ResolvedEndpoint::Kind::Patch, {}, displayName(m_name)};
    return std::move(m_patch);
}

void PatchReader::begin()
{
    m_old = {};
    m_new = {};
    m_status = FileStatus::Modified;
    m_similarity = 0;
    m_binary = false;
    m_excerpts.clear();
}

Result<void> PatchReader::readGitFile()
{
    begin();
    std::string_view names = line(m_at);
    takePrefix(names, "diff --git ");
    std::optional<NamePair> pair = splitGitNames(names);
    if (pair) {
        stripPrefixes(pair->oldName, pair->newName);
        m_old.side.path = std::move(pair->oldName);
        m_new.side.path = std::move(pair->newName);
    }
    ++m_at;
    for (; !atEnd(); ++m_at) {
        const std::string_view text = line(m_at);
        if (text.starts_with("--- ") && line(m_at + 1).starts_with("+++ ")) {
            if (const Result<void> read = readNames(); !read)
                return read;
            break;
        }
        const Result<bool> known = readExtendedHeader(text);
        if (!known)
            return known.error();
        if (!*known)
            break;
    }
    if (m_old.side.path.empty() || m_new.side.path.empty())
        return fail("the file's name cannot be told from its header.");
    if (line(m_at).starts_with("GIT binary patch"))
        skipBinaryPatch();
    if (const Result<void> read = readHunks(); !read)
        return read;
    return finish();
}

Result<void> PatchReader::readMode(std::string_view text, SideReader *only)
{
    const std::optional<std::uint32_t> mode = takeNumber<std::uint32_t>(text, 8);
    if (!mode || (!S_ISREG(*mode) && !S_ISLNK(*mode) && (*mode & S_IFMT) != submoduleMode))
        return fail("this is no mode of a file.");
    if (only != &m_new)
        m_old.side.mode = *mode;
    if (only != &m_old)
        m_new.side.mode = *mode;
    return {};
}

/// True if the line is one of git's extended headers.
Result<bool> PatchReader::readExtendedHeader(std::string_view text)
{
    const auto asKnown = [](const Result<void> &read) {
        return read ? Result<bool>(true) : Result<bool>(read.error());
    };
    const auto setName = [&](SideReader &side) -> Result<bool> {
        std::optional<std::string> name = text.starts_with('"') ? takeQuotedName(text) : std::string(text);
        if (!name || name->empty())
            return fail("this name is not quoted as git does.");
        side.side.path = std::move(*name);
        return true;
    };
    if (takePrefix(text, "old mode "))
        return asKnown(readMode(text, &m_old));
    if (takePrefix(text, "new mode "))
        return asKnown(readMode(text, &m_new));
    if (takePrefix(text, "deleted file mode ")) {
        m_status = FileStatus::Deleted;
        return asKnown(readMode(text, &m_old));
    }
    if (takePrefix(text, "new file mode ")) {
        m_status = FileStatus::Added;
        return asKnown(readMode(text, &m_new));
    }
    if (text.starts_with("rename ") || text.starts_with("copy ")) {
        m_status = text.front() == 'r' ? FileStatus::Renamed : FileStatus::Copied;
        text.remove_prefix(text.find(' ') + 1);
        if (takePrefix(text, "from "))
            return setName(m_old);
        if (takePrefix(text, "to "))
            return setName(m_new);
        return true;
    }
    if (takePrefix(text, "similarity index ")) {
        m_similarity = std::min(takeNumber<int>(text).value_or(0), 100);
        return true;
    }
    if (takePrefix(text, "index ")) {
        const std::size_t dots = text.find("..");
        const std::size_t space = text.find(' ');
        constexpr std::size_t idLength = 40;
        if (dots == idLength && text.size() >= 2 * idLength + 2) {
            m_old.side.id = text.substr(0, idLength);
            m_new.side.id = text.substr(idLength + 2, idLength);
        }
        return space == std::string_view::npos ? Result<bool>(true)
                                               : asKnown(readMode(text.substr(space + 1), nullptr));
    }
    if (text.starts_with("Binary files ") || text.starts_with("Files ")) {
        m_binary = true;
        return true;
    }
    return text.starts_with("dissimilarity index ");
}

/// The `---` and `+++` lines. A plain diff may have a time after a tab.
Result<void> PatchReader::readNames()
{
    std::string names[2];
    for (std::string &name : names) {
        std::string_view text = line(m_at).substr(4);
        if (text.starts_with('"')) {
            const std::optional<std::string> quoted = takeQuotedName(text);
            if (!quoted)
                return fail("this name is not quoted as git does.");
            name = *quoted;
        } else {
            name = text.substr(0, text.find('\t'));
        }
        if (name.empty() || name.find('\0') != std::string::npos)
            return fail("there is no file name.");
        ++m_at;
    }
    stripPrefixes(names[0], names[1]);
    const bool created = names[0] == "/dev/null";
    const bool deleted = names[1] == "/dev/null";
    if (created && deleted)
        return fail("both sides are /dev/null.");
    if (created || deleted)
        m_status = created ? FileStatus::Added : FileStatus::Deleted;
    const bool renamed = m_status == FileStatus::Renamed || m_status == FileStatus::Copied;
    if (renamed)
        return {};
    // Plain diffs often compare a.rs.orig with a.rs: the new name is the file's.
    m_new.side.path = deleted ? names[0] : names[1];
    m_old.side.path = m_new.side.path;
    return {};
}

Result<void> PatchReader::readHunks()
{
    while (!atEnd()) {
        const std::string_view text = line(m_at);
        if (!text.starts_with("@@ ")) {
            if (text.starts_with("Binary files ")) {
                m_binary = true;
                ++m_at;
            }
            break;
        }
        const std::optional<HunkHeader> header = readHunkHeader(text);
        if (!header)
            return fail("this is no hunk header of a unified diff.");
        ++m_at;
        if (const Result<void> read = readHunk(*header); !read)
            return read;
    }
    return {};
}

Result<void> PatchReader::readHunk(const HunkHeader &header)
{
    PatchedFile::Excerpt excerpt;
    excerpt.oldLines.begin = m_old.lines;
    excerpt.newLines.begin = m_new.lines;
    excerpt.oldFirstLine = firstLine(header.oldSpan);
    excerpt.newFirstLine = firstLine(header.newSpan);
    Span oldLeft = header.oldSpan;
    Span newLeft = header.newSpan;
    while (oldLeft.count > 0 || newLeft.count > 0) {
        if (atEnd())
            return fail("the patch ends in the middle of a hunk.");
        if (const Result<void> read = readHunkLine(oldLeft, newLeft); !read)
            return read;
        ++m_at;
    }
    excerpt.oldLines.end = m_old.lines;
    excerpt.newLines.end = m_new.lines;
    m_excerpts.push_back(excerpt);
    return {};
}

Result<void> PatchReader::readHunkLine(Span &oldLeft, Span &newLeft)
{
    std::string_view text = m_lines.withEnd(m_at);
    // Mail programs cut the space off an empty context line.
    const bool cut = text == "\n" || text == "\r\n";
    const char sign = cut ? ' ' : text.front();
    if (!cut)
        text.remove_prefix(1);
    const bool inOld = sign == ' ' || sign == '-';
    const bool inNew = sign == ' ' || sign == '+';
    if (!inOld && !inNew)
        return fail("a line of a hunk begins with a space, + or -.");
    if ((inOld && oldLeft.count == 0) || (inNew && newLeft.count == 0))
        return fail("the hunk has more lines than its header says.");
    if ((inOld && m_old.ended) || (inNew && m_new.ended))
        return fail("a line follows the file's last one.");
    if (inOld) {
        m_old.add(text);
        --oldLeft.count;
    }
    if (inNew) {
        m_new.add(text);
        --newLeft.count;
    }
    if (line(m_at + 1).starts_with("\\ ")) {
        markMissingLineEnd(sign);
        ++m_at;
    } else if (!text.ends_with('\n')) {
        // The patch itself lost its last line end: the file's is there, or git would have said so.
        if (inOld)
            m_old.text += '\n';
        if (inNew)
            m_new.text += '\n';
    }
    return {};
}

void PatchReader::markMissingLineEnd(char sign)
{
    for (SideReader *side : {sign == '+' ? nullptr : &m_old, sign == '-' ? nullptr : &m_new}) {
        if (!side)
            continue;
        if (side->text.ends_with('\n'))
            side->text.pop_back();
        side->ended = true;
    }
}

/// Base-85 lines, in one or two blocks that each end with an empty line.
void PatchReader::skipBinaryPatch()
{
    m_binary = true;
    ++m_at;
    while (line(m_at).starts_with("literal ") || line(m_at).starts_with("delta ")) {
        while (!atEnd() && !line(m_at).empty())
            ++m_at;
        ++m_at;
    }
}

ContentKind kindOf(const SideReader &reader, bool binary)
{
    if (!reader.side.exists())
        return ContentKind::Absent;
    if ((reader.side.mode & S_IFMT) == submoduleMode)
        return ContentKind::Submodule;
    if (S_ISLNK(reader.side.mode))
        return ContentKind::Symlink;
    return binary || looksBinary(reader.text) ? ContentKind::Binary : ContentKind::Text;
}

/// A file comes once. Git writes another type of a file as two: the old one deleted, the new one added.
Result<void> PatchReader::finish()
{
    if (m_status == FileStatus::Added)
        m_old.side = {};
    if (m_status == FileStatus::Deleted)
        m_new.side = {};
    if (m_status == FileStatus::Modified && (m_old.side.mode & S_IFMT) != (m_new.side.mode & S_IFMT))
        m_status = FileStatus::TypeChanged;
    PatchedFile file;
    file.texts = {kindOf(m_old, m_binary), kindOf(m_new, m_binary), std::move(m_old.text),
                  std::move(m_new.text)};
    file.delta = {m_status, std::move(m_old.side), std::move(m_new.side), m_similarity};
    file.excerpts = std::move(m_excerpts);
    for (auto [kind, text] :
         {std::pair(file.texts.oldKind, &file.texts.oldText), {file.texts.newKind, &file.texts.newText}}) {
        if (kind != ContentKind::Text && kind != ContentKind::Symlink)
            text->clear();
    }
    const bool otherType = m_status == FileStatus::Added && !m_patch.files.empty() &&
                           m_patch.files.back().delta.status == FileStatus::Deleted &&
                           m_patch.files.back().delta.path() == file.delta.path();
    if (!m_paths.insert(file.delta.path()).second && !otherType)
        return fail(
            displayName(file.delta.path()) +
            " is changed a second time, as in the mails of several commits: line numbers could not be "
            "told. Give one diff of all of them.");
    m_patch.diff.files.push_back(file.delta);
    m_patch.files.push_back(std::move(file));
    return {};
}

} // namespace

Result<Patch> parsePatch(std::string_view bytes, const std::string &name)
{
    if (bytes.size() > maxPatchBytes)
        return Error{ErrorKind::InvalidInput, "The patch " + displayName(name) + " is larger than " +
                                                  std::to_string(maxPatchBytes >> 20) + " MiB."};
    return PatchReader(bytes, name).run();
}

} // namespace git

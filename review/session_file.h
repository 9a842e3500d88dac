// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/session_database.h"

#include <cstdint>
#include <string>

namespace review {

/// The form of a session file: what marks it, its tables, its bounds.
inline constexpr std::int32_t sessionApplicationId = 0x46725373; // "FrSs"
inline constexpr std::int32_t sessionVersion = 1;
inline constexpr std::uint64_t maxSessionFileBytes = 2ull << 30;
inline constexpr std::uint64_t maxSessionTextBytes = 1ull << 30; ///< of all texts of all files together
inline constexpr std::size_t maxSessionRecordBytes = 16u << 20;  ///< of one finding, one file's hunks …
inline constexpr std::size_t maxSessionRows = 1'000'000;         ///< of each table
extern const char *const sessionSchema;

/// A folder of our own below the system's temporary one, removed with all in it at the end.
class TemporaryFolder {
public:
    TemporaryFolder() = default;
    static git::Result<TemporaryFolder> create();
    TemporaryFolder(TemporaryFolder &&other) noexcept;
    TemporaryFolder &operator=(TemporaryFolder &&other) noexcept;
    ~TemporaryFolder();

    const std::string &path() const { return m_path; }

private:
    std::string m_path;
};

/// A session file that was found to be one: its marks, its tables and its pages were checked. `folder` holds
/// the copy that a crashed writer's journal was rolled back in.
struct OpenedSession {
    TemporaryFolder folder;
    Database database;
};

/// For reading, without changing the file or its journal. Errors as loadSession.
git::Result<OpenedSession> openSessionForReading(const std::string &path);
/// For writing; a crashed writer's journal is rolled back first. Errors as loadSession.
git::Result<Database> openSessionForWriting(const std::string &path);

/// An empty file of our own beside `path`, to be built up and then moved to it in one step.
git::Result<std::string> makeDraftBeside(const std::string &path);
/// Moves the draft to `path`, durably. Conflict when something is there; then, as after any error, the draft
/// is gone.
git::Result<void> publishDraft(const std::string &draft, const std::string &path);

} // namespace review

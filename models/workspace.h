// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/patch.h"
#include "git/range.h"
#include "git/repository.h"
#include "review/event.h"
#include "review/session.h"

#include <QList>
#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace models {

/// The files of a review with their texts, one for each of the diff, or none. Shared: a copy costs no text.
using ReviewFiles = std::shared_ptr<const std::vector<review::ReviewFile>>;

/// What was opened, complete: made by a worker, handed over at once.
struct Opened {
    enum class Kind { Nothing, Repository, Patch, Session };
    Kind kind = Kind::Nothing;
    std::string path;     ///< the repository, patch or session file
    git::Range range;     ///< of a repository, as asked for
    std::string workTree; ///< where suggestions may be written; empty: nowhere
    std::string headName;
    std::vector<git::Reference> references; ///< follow a little later
    std::vector<std::string> warnings;
    std::shared_ptr<const git::Patch> patch; ///< of a patch: its texts
    review::Session session;                 ///< diff, and all that a saved review holds but its files
    ReviewFiles files;

    /// Costs copying all texts: for workers.
    review::Session whole() const;
};

/// A review that is about to start, made by a worker.
struct BegunReview {
    review::Scope scope;
    review::Extent extent = review::Extent::Hunks;
    std::vector<std::string> leftOut;
    ReviewFiles files;
};

/// What is known of a changed file once its texts were compared. `hunks` are git::Hunk ids.
struct FileFacts {
    bool known = false;
    git::LineCounts counts;
    std::vector<std::string> hunks;
    std::vector<bool> chosen; ///< one for each hunk: is to be reviewed

    int chosenCount() const;
    bool operator==(const FileFacts &) const = default;
};

/// Which hunks are chosen as they become known.
enum class Choice { Rust, All, None };

/// The state of the window: what is open, what is chosen, what the review found and what the reviewer
/// decided. Does no work; reads and writes nothing. Files are named by their index in diff().files. Lives on
/// the GUI thread.
class Workspace : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    const Opened &opened() const { return m_opened; }
    const git::Diff &diff() const { return m_opened.session.diff; }
    const review::Session &session() const { return m_opened.session; } ///< without its files
    const std::vector<review::ReviewFile> &files() const;
    void open(Opened opened);
    /// The same range of the same repository, read again because files of its work tree changed: all that the
    /// reader sees and did stays. Facts stay until the files are compared anew, a review until it is renewed.
    void refresh(Opened opened);
    void close();
    void setReferences(std::vector<git::Reference> references);
    void setWorkTree(const std::string &folder); ///< lets a saved review's suggestions be applied there

    int fileCount() const { return int(diff().files.size()); }
    int fileIndex(const std::string &path) const; ///< of the new or the old path; -1 if it did not change
    const FileFacts &facts(int file) const { return m_facts[std::size_t(file)]; }
    void setFacts(const std::vector<std::pair<int, FileFacts>> &facts);

    int currentFile() const { return m_currentFile; } ///< -1: none, or an unchanged file is shown
    const std::optional<git::TreeFile> &currentTreeFile() const { return m_currentTreeFile; }
    void showFile(int file);
    void showTreeFile(const git::TreeFile &file); ///< a file that did not change

    void choose(Choice choice);
    void chooseFiles(const std::vector<int> &files, bool chosen);
    void chooseHunk(int file, const QString &hunk, bool chosen);
    int chosenCount() const;
    review::Selection selection() const;

    /// A new review: its scope and texts replace those of an earlier one; decisions stay.
    void beginReview(const BegunReview &begun);
    void record(const std::vector<review::Event> &events);
    /// Whether what the review found is about texts from before a refresh.
    bool isReviewOutdated() const { return m_reviewOutdated; }
    /// A whole review of the present texts replaces the one that is shown, at once.
    void renewReview(const BegunReview &begun, const std::vector<review::Event> &events);
    const review::Finding *finding(const QString &id) const;
    const review::Decision *decision(const QString &id) const;
    void decide(const QString &id, const std::optional<review::Decision> &decision);
    /// Ids of the rules that a review does not ask. What is shown of the present one does not change by this.
    const std::set<std::string> &switchedOff() const { return m_switchedOff; }
    void setSwitchedOff(std::set<std::string> rules) { m_switchedOff = std::move(rules); }
    void setApplied(const std::vector<review::AppliedChange> &applied);

    /// Names what the reader saw of a file, so that a mark falls when the content changes. Empty while that
    /// is not known: a mark of then gets its key with the facts, and `viewedChanged` tells it again.
    const std::string &viewedKey(int file) const { return m_viewedKeys[std::size_t(file)]; }
    bool isViewed(int file) const;
    void setViewed(int file, bool viewed);
    void putNote(const review::ReviewerNote &note); ///< an empty text removes it

signals:
    void aboutToBeReplaced(); ///< the last moment for what belongs to the present one
    void replaced();          ///< everything is another one
    void refreshed();         ///< the files, and their order, may be others
    void referencesRead();
    void factsRead(const QList<int> &files);
    void currentFileChanged();
    void selectionChanged();
    void reviewBegun();
    void recorded(const std::vector<review::Event> &events);
    void reviewRenewed(const std::vector<review::Event> &events);
    void decided(const QString &finding);
    void appliedChanged();
    void viewedChanged(int file);
    void notePut(const review::ReviewerNote &note);

private:
    void keepReviewers(Opened &next) const;
    void keepChoice(const Opened &next);
    void noteOutdated();
    void keepPlace(const std::string &path);
    void indexPaths();
    void readViewedKeys();
    void setReview(const BegunReview &begun);

    Opened m_opened;
    std::unordered_map<std::string, int> m_indexOfPath;
    std::vector<FileFacts> m_facts;
    std::vector<std::string> m_viewedKeys; ///< one for each file
    std::set<int> m_viewedUnknown;         ///< files marked before their lines were known
    Choice m_choice = Choice::Rust;
    std::unordered_map<std::string, bool> m_chosenBefore; ///< hunks of the same range, before a reload
    std::unordered_map<std::string, bool> m_chosenFiles;  ///< paths of which all hunks were, or none
    std::set<std::string> m_switchedOff;
    bool m_reviewOutdated = false;
    int m_currentFile = -1;
    std::optional<git::TreeFile> m_currentTreeFile;
};

/// "kv-store · main → feature"; empty when nothing is open.
QString toTitle(const Workspace &workspace);
/// Raw path bytes as text for people.
QString toDisplay(const std::string &bytes);
/// Text of the reviewed code as a tooltip's: shown as it is, never read as markup.
QString toToolTip(const QString &text);
/// "1 hunk", "12 hunks".
QString counted(int count, const char *one, const char *many);
bool isRust(const git::FileDelta &delta);

} // namespace models

// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace.h"

#include "git/display.h"

#include <QCryptographicHash>
#include <QFileInfo>

#include <algorithm>

namespace models {

namespace {

bool endsWith(const std::string &text, std::string_view end)
{
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

FileFacts factsOf(const review::ReviewFile &file)
{
    FileFacts facts;
    facts.known = true;
    for (const git::Hunk &hunk : file.hunks) {
        const git::LineCounts counts = git::countLines(hunk.changes);
        facts.counts.added += counts.added;
        facts.counts.removed += counts.removed;
        facts.hunks.push_back(hunk.id);
    }
    facts.chosen = file.chosen;
    facts.chosen.resize(facts.hunks.size());
    return facts;
}

/// Of bytes that only the work tree has, the changed lines count. Empty while they are not known.
std::string makeViewedKey(const git::FileDelta &delta, const FileFacts &facts)
{
    const std::string key = review::viewedKey(delta);
    if (!delta.newSide.exists() || !delta.newSide.id.empty())
        return key;
    if (!facts.known)
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha1);
    for (const std::string &hunk : facts.hunks)
        hash.addData({hunk.c_str(), qsizetype(hunk.size() + 1)});
    return key + ' ' + hash.result().toHex().toStdString();
}

} // namespace

review::Session Opened::whole() const
{
    review::Session session = this->session;
    if (files)
        session.files = *files;
    return session;
}

int FileFacts::chosenCount() const
{
    return int(std::count(chosen.begin(), chosen.end(), true));
}

void Workspace::open(Opened opened)
{
    emit aboutToBeReplaced();
    keepReviewers(opened);
    keepChoice(opened);
    m_opened = std::move(opened);
    m_currentFile = -1;
    m_currentTreeFile.reset();
    m_reviewOutdated = false;
    indexPaths();
    m_facts.assign(diff().files.size(), {});
    if (m_opened.kind == Opened::Kind::Session)
        for (std::size_t file = 0; file < std::min(files().size(), m_facts.size()); ++file)
            m_facts[file] = factsOf(files()[file]);
    readViewedKeys();
    emit replaced();
}

void Workspace::indexPaths()
{
    m_indexOfPath.clear();
    const std::vector<git::FileDelta> &deltas = diff().files;
    // A path may be one file's old name and another file's new one: the new one wins.
    for (int file = 0; file < fileCount(); ++file)
        m_indexOfPath.emplace(deltas[std::size_t(file)].path(), file);
    for (int file = 0; file < fileCount(); ++file)
        m_indexOfPath.emplace(deltas[std::size_t(file)].oldSide.path, file);
}

void Workspace::readViewedKeys()
{
    m_viewedKeys.clear();
    for (int file = 0; file < fileCount(); ++file)
        m_viewedKeys.push_back(makeViewedKey(diff().files[std::size_t(file)], facts(file)));
    m_viewedUnknown.clear();
}

void Workspace::refresh(Opened next)
{
    emit aboutToBeReplaced();
    keepChoice(next);
    std::unordered_map<std::string, FileFacts> before;
    for (int file = 0; file < fileCount(); ++file)
        before.emplace(diff().files[std::size_t(file)].path(), std::move(m_facts[std::size_t(file)]));
    const std::string current = m_currentFile >= 0 ? diff().files[std::size_t(m_currentFile)].path() : "";
    std::vector<std::string> viewedUnknown;
    for (const int file : m_viewedUnknown)
        viewedUnknown.push_back(diff().files[std::size_t(file)].path());
    noteOutdated();
    m_opened.session.diff = std::move(next.session.diff);
    m_opened.headName = std::move(next.headName);
    m_opened.files = nullptr; // the texts of before
    indexPaths();
    m_facts.clear();
    for (const git::FileDelta &delta : diff().files)
        m_facts.push_back(std::move(before[delta.path()]));
    readViewedKeys();
    for (const std::string &path : viewedUnknown)
        if (const int file = fileIndex(path); file >= 0)
            m_viewedUnknown.insert(file);
    keepPlace(current);
    emit refreshed();
}

/// Whoever reads the review meanwhile, in the window or as a file, is to know what its lines are of.
void Workspace::noteOutdated()
{
    if (m_reviewOutdated || (session().findings.empty() && session().ended.empty()))
        return;
    m_reviewOutdated = true;
    m_opened.session.leftOut.push_back(
        "The code changed after this review and was not reviewed again: findings "
        "and their lines are of the earlier text.");
}

/// The current file by its path: among the changed ones while it is one of them.
void Workspace::keepPlace(const std::string &path)
{
    const std::string &shown = m_currentTreeFile ? m_currentTreeFile->path : path;
    const int file = fileIndex(shown);
    m_currentFile = shown.empty() ? -1 : file;
    if (file >= 0)
        m_currentTreeFile.reset();
    else if (!shown.empty() && !m_currentTreeFile)
        m_currentTreeFile = git::TreeFile{path, {}, 0, 0};
}

const std::vector<review::ReviewFile> &Workspace::files() const
{
    static const std::vector<review::ReviewFile> none;
    return m_opened.files ? *m_opened.files : none;
}

/// The same repository again: what the reviewer did stays. Marks and decisions name what they are about, and
/// say nothing about anything else. Where nothing moved, a review that ended stays as well.
void Workspace::keepReviewers(Opened &next) const
{
    if (next.kind != Opened::Kind::Repository || m_opened.kind != next.kind || m_opened.path != next.path)
        return;
    const git::ResolvedEndpoint::Kind head = next.session.diff.head.kind;
    const bool fixed =
        head != git::ResolvedEndpoint::Kind::WorkTree && head != git::ResolvedEndpoint::Kind::Index;
    next.references = m_opened.references; // until they are read again
    // Of a review that is still running the rest would be missing, and nothing would say so.
    if (fixed && next.session.diff == diff() && !session().ended.empty()) {
        next.session = session();
        next.files = m_opened.files;
        return;
    }
    next.session.viewed = session().viewed;
    next.session.decisions = session().decisions;
    next.session.applied = session().applied;
    if (next.range == m_opened.range)
        next.session.reviewerNotes = session().reviewerNotes;
}

/// The same range again: what is chosen stays, hunk by hunk as far as they are the same. What else a file has
/// then is as all of it was.
void Workspace::keepChoice(const Opened &next)
{
    std::unordered_map<std::string, bool> chosen;
    const bool again = next.kind == Opened::Kind::Repository && m_opened.kind == next.kind &&
                       m_opened.path == next.path && m_opened.range == next.range;
    std::unordered_map<std::string, bool> chosenFiles;
    for (std::size_t file = 0; again && file < m_facts.size(); ++file) {
        const FileFacts &facts = m_facts[file];
        for (std::size_t hunk = 0; hunk < facts.hunks.size(); ++hunk)
            chosen.emplace(facts.hunks[hunk], facts.chosen[hunk]);
        const int count = facts.chosenCount();
        if (!facts.hunks.empty() && (count == 0 || count == int(facts.hunks.size())))
            chosenFiles.emplace(diff().files[file].path(), count > 0);
    }
    if (again && chosen.empty())
        return; // opened twice in a row: the files were not compared yet
    m_chosenBefore = std::move(chosen);
    m_chosenFiles = std::move(chosenFiles);
    if (!again)
        m_choice = Choice::Rust;
}

void Workspace::close()
{
    open({});
}

void Workspace::setReferences(std::vector<git::Reference> references)
{
    m_opened.references = std::move(references);
    emit referencesRead();
}

void Workspace::setWorkTree(const std::string &folder)
{
    m_opened.workTree = folder;
}

int Workspace::fileIndex(const std::string &path) const
{
    const auto found = m_indexOfPath.find(path);
    return found == m_indexOfPath.end() ? -1 : found->second;
}

void Workspace::setFacts(const std::vector<std::pair<int, FileFacts>> &facts)
{
    QList<int> files;
    for (const auto &[file, known] : facts) {
        FileFacts &mine = m_facts[std::size_t(file)];
        mine = known;
        m_viewedKeys[std::size_t(file)] = makeViewedKey(diff().files[std::size_t(file)], known);
        const git::FileDelta &delta = diff().files[std::size_t(file)];
        const auto whole = m_chosenFiles.find(delta.path());
        const bool byKind = m_choice == Choice::All || (m_choice == Choice::Rust && isRust(delta));
        mine.chosen.assign(mine.hunks.size(), whole == m_chosenFiles.end() ? byKind : whole->second);
        for (std::size_t hunk = 0; hunk < mine.hunks.size(); ++hunk)
            if (const auto before = m_chosenBefore.find(mine.hunks[hunk]); before != m_chosenBefore.end())
                mine.chosen[hunk] = before->second;
        files.append(file);
        if (m_viewedUnknown.erase(file) > 0)
            setViewed(file, true); // marked before its lines were known
    }
    emit factsRead(files);
    emit selectionChanged();
}

void Workspace::showFile(int file)
{
    if (file < 0 || file >= fileCount() || file == m_currentFile)
        return;
    m_currentFile = file;
    m_currentTreeFile.reset();
    emit currentFileChanged();
}

void Workspace::showTreeFile(const git::TreeFile &file)
{
    if (m_currentTreeFile == file)
        return;
    m_currentFile = -1;
    m_currentTreeFile = file;
    emit currentFileChanged();
}

void Workspace::choose(Choice choice)
{
    m_choice = choice;
    m_chosenBefore.clear();
    m_chosenFiles.clear();
    for (std::size_t file = 0; file < m_facts.size(); ++file) {
        const bool rust = isRust(diff().files[file]);
        std::vector<bool> &chosen = m_facts[file].chosen;
        chosen.assign(chosen.size(), choice == Choice::All || (choice == Choice::Rust && rust));
    }
    emit selectionChanged();
}

void Workspace::chooseFiles(const std::vector<int> &files, bool chosen)
{
    for (const int file : files) {
        std::vector<bool> &mine = m_facts[std::size_t(file)].chosen;
        mine.assign(mine.size(), chosen);
    }
    emit selectionChanged();
}

void Workspace::chooseHunk(int file, const QString &hunk, bool chosen)
{
    FileFacts &facts = m_facts[std::size_t(file)];
    const auto found = std::find(facts.hunks.begin(), facts.hunks.end(), hunk.toStdString());
    if (found == facts.hunks.end())
        return;
    facts.chosen[std::size_t(found - facts.hunks.begin())] = chosen;
    emit selectionChanged();
}

int Workspace::chosenCount() const
{
    int count = 0;
    for (const FileFacts &facts : m_facts)
        count += facts.chosenCount();
    return count;
}

review::Selection Workspace::selection() const
{
    review::Selection selection{review::Selection::Kind::Chosen, {}};
    for (std::size_t file = 0; file < m_facts.size(); ++file)
        for (std::size_t hunk = 0; hunk < m_facts[file].hunks.size(); ++hunk)
            if (m_facts[file].chosen[hunk])
                selection.hunks.insert({diff().files[file].path(), m_facts[file].hunks[hunk]});
    return selection;
}

void Workspace::setReview(const BegunReview &begun)
{
    review::Session &session = m_opened.session;
    session.scope = begun.scope;
    session.extent = begun.extent;
    session.leftOut = begun.leftOut;
    m_opened.files = begun.files;
    session.findings.clear();
    session.rejected.clear();
    session.coverage.clear();
    session.notes.clear();
    session.ended.clear();
    m_reviewOutdated = false;
}

void Workspace::beginReview(const BegunReview &begun)
{
    setReview(begun);
    emit reviewBegun();
}

void Workspace::renewReview(const BegunReview &begun, const std::vector<review::Event> &events)
{
    setReview(begun);
    for (const review::Event &event : events)
        review::record(m_opened.session, event);
    emit reviewRenewed(events);
}

void Workspace::record(const std::vector<review::Event> &events)
{
    for (const review::Event &event : events)
        review::record(m_opened.session, event);
    emit recorded(events);
}

const review::Finding *Workspace::finding(const QString &id) const
{
    const std::string wanted = id.toStdString();
    for (const review::Finding &finding : session().findings)
        if (finding.id == wanted)
            return &finding;
    return nullptr;
}

const review::Decision *Workspace::decision(const QString &id) const
{
    const auto found = session().decisions.find(id.toStdString());
    return found == session().decisions.end() ? nullptr : &found->second;
}

void Workspace::decide(const QString &id, const std::optional<review::Decision> &decision)
{
    if (decision)
        m_opened.session.decisions.insert_or_assign(id.toStdString(), *decision);
    else
        m_opened.session.decisions.erase(id.toStdString());
    emit decided(id);
}

void Workspace::setApplied(const std::vector<review::AppliedChange> &applied)
{
    m_opened.session.applied = applied;
    emit appliedChanged();
}

bool Workspace::isViewed(int file) const
{
    const std::string &key = viewedKey(file);
    return key.empty() ? m_viewedUnknown.contains(file) : session().viewed.contains(key);
}

void Workspace::setViewed(int file, bool viewed)
{
    const std::string &key = viewedKey(file);
    const auto mark = [viewed](auto &marks, const auto &mark) {
        if (viewed)
            marks.insert(mark);
        else
            marks.erase(mark);
    };
    if (key.empty())
        mark(m_viewedUnknown, file);
    else
        mark(m_opened.session.viewed, key);
    emit viewedChanged(file);
}

void Workspace::putNote(const review::ReviewerNote &note)
{
    std::vector<review::ReviewerNote> &notes = m_opened.session.reviewerNotes;
    const auto sameId = [&](const review::ReviewerNote &other) { return other.id == note.id; };
    const auto found = std::find_if(notes.begin(), notes.end(), sameId);
    if (note.text.empty()) {
        if (found != notes.end())
            notes.erase(found);
    } else if (found != notes.end()) {
        *found = note;
    } else {
        notes.push_back(note);
    }
    emit notePut(note);
}

QString toTitle(const Workspace &workspace)
{
    if (workspace.opened().kind == Opened::Kind::Nothing)
        return {};
    const git::Diff &diff = workspace.diff();
    return QStringLiteral("%1 · %2 → %3")
        .arg(QFileInfo(toDisplay(workspace.opened().path)).fileName(), toDisplay(diff.base.name),
             toDisplay(diff.head.name));
}

QString toDisplay(const std::string &bytes)
{
    return QString::fromStdString(git::displayName(bytes));
}

QString toToolTip(const QString &text)
{
    return QStringLiteral("<p style=\"white-space:pre-wrap\">%1</p>").arg(text.toHtmlEscaped());
}

QString counted(int count, const char *one, const char *many)
{
    return QStringLiteral("%1 %2").arg(count).arg(QLatin1String(count == 1 ? one : many));
}

bool isRust(const git::FileDelta &delta)
{
    return endsWith(delta.path(), ".rs");
}

} // namespace models

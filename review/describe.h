// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/json_archive.h"
#include "review/session.h"

// One description of each type as JSON, for both ways, in the namespace of its type, where the archives look
// for it. For .cpp files only.

namespace git {

void describe(auto &archive, LineRange &value)
{
    archive("begin", value.begin);
    archive("end", value.end);
}

void describe(auto &archive, Change &value)
{
    archive("old", value.oldLines);
    archive("new", value.newLines);
}

void describe(auto &archive, Hunk &value)
{
    archive("id", value.id);
    archive("old", value.oldLines);
    archive("new", value.newLines);
    archive("changes", value.changes);
}

void describe(auto &archive, FileSide &value)
{
    archive("path", value.path);
    archive("id", value.id);
    archive("mode", value.mode);
}

void describe(auto &archive, FileDelta &value)
{
    archive("status", value.status, FileStatus::Unchanged);
    archive("old", value.oldSide);
    archive("new", value.newSide);
    archive("similarity", value.similarity);
}

void describe(auto &archive, PatchedFile::Excerpt &value)
{
    archive("old", value.oldLines);
    archive("new", value.newLines);
    archive("oldFirstLine", value.oldFirstLine);
    archive("newFirstLine", value.newFirstLine);
}

void describe(auto &archive, ResolvedEndpoint &value)
{
    archive("kind", value.kind, ResolvedEndpoint::Kind::Patch);
    archive("id", value.id);
    archive("name", value.name);
}

} // namespace git

namespace review {

void describe(auto &archive, Place &value)
{
    archive("path", value.path);
    archive("side", value.side, git::Side::New);
    archive("lines", value.lines);
}

void describe(auto &archive, Step &value)
{
    archive("actor", value.actor);
    archive("action", value.action);
    archive("place", value.place);
}

void describe(auto &archive, Scenario &value)
{
    archive("kind", value.kind);
    archive("steps", value.steps);
    archive("outcome", value.outcome);
}

void describe(auto &archive, Evidence &value)
{
    archive("place", value.place);
    archive("text", value.text);
}

void describe(auto &archive, Suggestion &value)
{
    archive("path", value.path);
    archive("lines", value.lines);
    archive("original", value.original);
    archive("replacement", value.replacement);
    archive("applicability", value.applicability, Applicability::Proposed);
}

void describe(auto &archive, Reference &value)
{
    archive("title", value.title);
    archive("url", value.url);
}

void describe(auto &archive, Reproduction &value)
{
    archive("code", value.code);
    archive("edition", value.edition);
    archive("url", value.url);
}

void describe(auto &archive, Finding &value)
{
    archive("id", value.id);
    archive("rule", value.rule);
    archive("section", value.section, Section::Practices);
    archive("tier", value.tier, Tier::Question);
    archive("severity", value.severity, Severity::Low);
    archive("confidence", value.confidence);
    archive("experts", value.experts);
    archive("origin", value.origin, Origin::Existing);
    archive("place", value.place);
    archive("item", value.item);
    archive("title", value.title);
    archive("why", value.why);
    archive("facts", value.facts);
    archive("scenario", value.scenario);
    archive("evidence", value.evidence);
    archive.optional("copies", value.copies);
    archive("suggestion", value.suggestion);
    archive("example", value.example);
    archive("dismissal", value.dismissal);
    archive("references", value.references);
    archive("reproduction", value.reproduction);
}

void describe(auto &archive, PassStarted &value)
{
    archive("expert", value.expert);
    archive("pass", value.pass, Pass::Idioms);
}

void describe(auto &archive, Progressed &value)
{
    archive("expert", value.expert);
    archive("done", value.done);
    archive("total", value.total);
    archive("path", value.path);
}

void describe(auto &archive, FileBegun &value)
{
    archive("expert", value.expert);
    archive("path", value.path);
}

void describe(auto &archive, FindingClosed &value)
{
    archive("finding", value.finding);
    archive.optional("silenced", value.silenced);
}

void describe(auto &archive, FindingRejected &value)
{
    archive("title", value.title);
    archive("reason", value.reason);
}

void describe(auto &archive, Coverage &value)
{
    archive("path", value.path);
    archive("hunk", value.hunk);
    archive("lines", value.lines);
    archive("state", value.state, Coverage::State::Failed);
    archive("reason", value.reason);
}

void describe(auto &archive, Note &value)
{
    archive("expert", value.expert);
    archive("text", value.text);
}

void describe(auto &archive, Ended &value)
{
    archive("expert", value.expert);
    archive("state", value.state, Ended::State::Failed);
    archive("reason", value.reason);
}

void describe(auto &archive, ReviewerNote &value)
{
    archive("id", value.id);
    archive("place", value.place);
    archive("text", value.text);
}

void describe(auto &archive, ReviewFile &value)
{
    archive("delta", value.delta);
    archive("oldKind", value.texts.oldKind, git::ContentKind::Missing);
    archive("newKind", value.texts.newKind, git::ContentKind::Missing);
    archive("hunks", value.hunks);
    archive("chosen", value.chosen);
    archive("edition", value.edition);
    archive("excerpts", value.excerpts);
}

void describe(auto &archive, TeamCard &value)
{
    archive("path", value.path);
    archive("text", value.text);
}

void describe(auto &archive, ContextFile &value)
{
    archive("path", value.path);
    archive("text", value.text);
    archive("edition", value.edition);
}

void describe(auto &archive, Scope &value)
{
    archive("repository", value.repository);
    archive("base", value.base);
    archive("head", value.head);
    archive("range", value.range);
}

void describe(auto &archive, Session &value)
{
    archive("scope", value.scope);
    archive("extent", value.extent, Extent::WholeFiles);
    archive("createdAt", value.createdAt);
    archive("leftOut", value.leftOut);
    archive("repository", value.diff.repository);
    archive("base", value.diff.base);
    archive("head", value.diff.head);
    archive("renamesComplete", value.diff.renamesComplete);
}

} // namespace review

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <string>

namespace tests {

/// A deadlock with all that a finding can tell.
inline review::Finding deadlock()
{
    review::Finding finding;
    finding.id = "d1";
    finding.rule = "lock-held-across-await";
    finding.section = review::Section::Concurrency;
    finding.severity = review::Severity::High;
    finding.confidence = 0.85;
    finding.experts = {"embedded"};
    finding.place = {"src/db.rs", git::Side::New, {40, 43}};
    finding.item = "impl Store › fn commit";
    finding.title = "`session` is locked across `.await`";
    finding.why = "The guard lives until the end of the block.\n\n- first\n- second";
    finding.facts = {"resolved: `session` is a `std::sync::Mutex`"};
    finding.scenario = {"deadlock",
                        {{"task A", "takes `session`", {"src/db.rs", git::Side::New, {40, 41}}},
                         {"task B", "waits for it", {"src/net.rs", git::Side::New, {8, 9}}}},
                        "Neither goes on."};
    finding.evidence = {{{"src/db.rs", git::Side::New, {40, 41}}, "let s = session.lock();\n"}};
    finding.suggestion = review::Suggestion{"src/db.rs",
                                            {40, 43},
                                            "let s = session.lock();\nsend(&s).await;\n}\n",
                                            "send(&copy).await;\n",
                                            review::Applicability::Proposed};
    finding.dismissal = "the lock is an async one.";
    finding.references = {{"Mutex", "https://docs.rs/tokio/latest/tokio/sync/struct.Mutex.html"}};
    finding.reproduction =
        review::Reproduction{"fn main() {}\n", "2021", "https://play.rust-lang.org/?code=x"};
    return finding;
}

/// A finished review of one file with that finding.
inline review::Session smallSession()
{
    review::Session session;
    session.scope = {"store", "main (1a2b3c4d5e6f)", "feature (2b3c4d5e6f7a)", "main..feature"};
    session.createdAt = 1'795'000'000;
    review::ReviewFile file;
    file.delta.newSide = {"src/db.rs", "22", 0100644};
    file.hunks = {git::Hunk{"h1", {40, 41}, {40, 43}, {}}, git::Hunk{"h2", {60, 61}, {60, 60}, {}}};
    file.chosen = {true, false};
    session.files = {file};
    session.findings = {deadlock()};
    session.ended = {{"embedded", review::Ended::State::Complete, ""}};
    session.coverage = {{"src/db.rs", "h1", {40, 43}, review::Coverage::State::Reviewed, ""}};
    return session;
}

inline QJsonObject parseJson(const std::string &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    if (error.error != QJsonParseError::NoError)
        qWarning("%s", qPrintable(error.errorString()));
    return document.object();
}

} // namespace tests

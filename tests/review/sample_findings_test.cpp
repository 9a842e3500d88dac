// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/range.h"
#include "git/repository.h"
#include "review/request.h"
#include "review/sample.h"
#include "tests/support/rule_bench.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

namespace {

/// "rule: file: the first line", as a reader of the report would point at it.
QString toText(const review::Finding &finding)
{
    const std::string &quoted = finding.evidence.front().text;
    return QStringLiteral("%1: %2: %3")
        .arg(QString::fromStdString(finding.rule), QString::fromStdString(finding.place.path),
             QString::fromStdString(quoted.substr(0, quoted.find('\n'))).trimmed());
}

const QStringList expectedFindings = {
    QStringLiteral("alloc-from-wire-len: src/wire.rs: let mut entries = Vec::with_capacity(count);"),
    QStringLiteral("blocking-in-async: src/server.rs: std::fs::write(&self.export, text).map_err(|error| "
                   "Status::internal(error.to_string()))?;"),
    QStringLiteral(
        "check-then-act-two-locks: src/server.rs: self.sessions.write().unwrap().insert(id, session);"),
    QStringLiteral("decode-without-remaining: src/wire.rs: match buf.get_u8() {"),
    QStringLiteral("double-lock: src/store.rs: self.forget_empty_tags();"),
    QStringLiteral("durability-result-ignored: src/store.rs: self.db.flush_wal(true).ok();"),
    QStringLiteral("ffi-null-unchecked: src/ffi.rs: slice::from_raw_parts(key, key_len),"),
    QStringLiteral("ffi-panic-path: src/ffi.rs: let path = Path::new(path.to_str().unwrap());"),
    QStringLiteral("future-not-awaited: src/server.rs: service.replicator.heartbeat(committed);"),
    QStringLiteral("guard-across-await: src/server.rs: let sessions = self.sessions.read().unwrap();"),
    QStringLiteral("guard-temp-relock: src/cache.rs: self.pinned.lock().unwrap().insert(key.to_vec(), "
                   "Arc::clone(&value));"),
    QStringLiteral("let-underscore-lock: src/replication.rs: let _ = self.sending.lock().await;"),
    QStringLiteral("lock-order-inversion: src/replication.rs: let progress = self.progress.lock().unwrap();"),
    QStringLiteral("panic-in-result-fn: src/wire.rs: entry.encode(&mut out).unwrap();"),
    QStringLiteral("remote-panic-in-handler: src/server.rs: self.open_session(request.session, "
                   "request.author.unwrap());"),
    QStringLiteral("rocks-get-then-put: src/txn.rs: let current = match txn.get(&name)? {"),
    QStringLiteral("rocks-multi-put-not-atomic: src/store.rs: self.db.put(tag_key(to, key), b\"\")?;"),
    QStringLiteral("rocks-txn-uncommitted: src/txn.rs: return Ok(true);"),
    QStringLiteral("select-loop-cancel-unsafe: src/replication.rs: result = stream.read_exact(&mut index) => "
                   "match result {"),
    QStringLiteral("unbounded-channel: src/replication.rs: let (frames, queue) = mpsc::unbounded_channel();"),
    QStringLiteral("unsafe-no-safety-comment: src/ffi.rs: drop(unsafe { Box::from_raw(self.value) });"),
    QStringLiteral("unsafe-send-sync-bounds: src/ffi.rs: unsafe impl<T> Send for Handle<T> {}"),
    QStringLiteral("vec-remove-front: src/replication.rs: pending.remove(0);"),
    QStringLiteral("write-lock-for-read: src/metrics.rs: let labels = self.labels.write().unwrap();"),
};

} // namespace

class SampleFindingsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const auto made = review::makeSampleRepository(m_folder.filePath("kvstore").toStdString());
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        const auto repository = git::Repository::open(*made);
        QVERIFY(repository);
        const auto diff = repository->diff(*git::parseRange("main...feature"));
        QVERIFY(diff);
        auto request = review::makeRequest(*repository, *diff, {}, review::Extent::Hunks);
        QVERIFY(request);
        m_findings = tests::runExpert(*std::move(request)).findings();
    }

    void everyDefectIsFoundAndNothingElse()
    {
        QStringList unexpected;
        QStringList missing = expectedFindings;
        for (const review::Finding &finding : m_findings) {
            if (!missing.removeOne(toText(finding)))
                unexpected += toText(finding);
        }
        QVERIFY2(unexpected.empty(), qPrintable("not expected:\n" + unexpected.join(QLatin1Char('\n'))));
        QVERIFY2(missing.empty(), qPrintable("missing:\n" + missing.join(QLatin1Char('\n'))));
    }

    void everySectionHasOne()
    {
        for (const auto section : {review::Section::Critical, review::Section::Concurrency,
                                   review::Section::Performance, review::Section::Practices}) {
            QVERIFY(std::any_of(m_findings.begin(), m_findings.end(),
                                [&](const review::Finding &finding) { return finding.section == section; }));
        }
    }

    void allAreIntroducedByTheBranch()
    {
        for (const review::Finding &finding : m_findings)
            QVERIFY2(finding.origin == review::Origin::Introduced, qPrintable(toText(finding)));
    }

private:
    QTemporaryDir m_folder;
    std::vector<review::Finding> m_findings;
};

QTEST_GUILESS_MAIN(SampleFindingsTest)
#include "sample_findings_test.moc"

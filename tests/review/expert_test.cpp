// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/expert.h"
#include "review/report.h"
#include "review/session.h"
#include "tests/support/small_review.h"

#include <QTest>

#include <stdexcept>

namespace {

/// Finds one thing, and then fails in the middle of its work.
class FailingExpert : public review::Expert {
public:
    std::string name() const override { return "failing"; }
    void review(const review::Request &, review::EventSink &sink, std::stop_token) override
    {
        sink.receive(review::FindingClosed{tests::deadlock()});
        throw std::runtime_error("out of ideas");
    }
};

class SessionSink : public review::EventSink {
public:
    void receive(const review::Event &event) override { review::record(session, event); }

    review::Session session;
};

} // namespace

class ExpertTest : public QObject {
    Q_OBJECT

private slots:
    void keepsWhatAFailingExpertFound()
    {
        FailingExpert expert;
        SessionSink sink;
        review::runExpert(expert, {}, sink, {});
        QVERIFY(!sink.session.complete());
        QCOMPARE(sink.session.findings.size(), std::size_t(1));
        const std::string report = review::renderMarkdown(sink.session);
        QVERIFY2(report.find("The review by failing failed: out of ideas.") != std::string::npos,
                 report.c_str());
    }

    void knowsItsExpertsByName()
    {
        for (const std::string &name : review::expertNames())
            QCOMPARE(review::makeExpert(name)->name(), name);
        QVERIFY(!review::makeExpert("nobody"));
    }
};

QTEST_GUILESS_MAIN(ExpertTest)
#include "expert_test.moc"

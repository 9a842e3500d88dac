// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"
#include "tests/support/json_schema.h"
#include "tests/support/random_session.h"
#include "tests/support/small_review.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using review::Session;
using tests::deadlock;
using tests::smallSession;

/// The reports that programs read: JSON and SARIF.
class DataReportTest : public QObject {
    Q_OBJECT

    static tests::JsonSchema schema()
    {
        QFile file(QStringLiteral(FERRISCOPE_SOURCE_DIR "/resources/review.schema.json"));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no schema");
        return tests::JsonSchema(QJsonDocument::fromJson(file.readAll()).object());
    }

    static QJsonObject firstResult(const Session &session)
    {
        return tests::parseJson(review::renderSarif(session))
            .value(QLatin1String("runs"))
            .toArray()[0]
            .toObject()
            .value(QLatin1String("results"))
            .toArray()[0]
            .toObject();
    }

private slots:
    void isTheJsonOfItsSchema()
    {
        const tests::JsonSchema schema = DataReportTest::schema();
        for (unsigned seed = 1; seed <= 150; ++seed) {
            const Session session = tests::RandomSession(seed).session();
            const std::string json = review::renderJson(session);
            QCOMPARE(json, review::renderJson(session));
            QVERIFY(json.ends_with("}\n"));
            const QJsonObject object = tests::parseJson(json);
            const QString failure = schema.check(object);
            QVERIFY2(failure.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(failure)));
            QCOMPARE(object.value(QLatin1String("findings")).toArray().size(),
                     static_cast<qsizetype>(session.findings.size()));
        }
        // The check is one: it sees what is wrong.
        QJsonObject broken = tests::parseJson(review::renderJson(smallSession()));
        QVERIFY(schema.check(broken).isEmpty());
        QJsonArray findings = broken.value(QLatin1String("findings")).toArray();
        QJsonObject finding = findings[0].toObject();
        finding[QLatin1String("startLine")] = 0;
        findings[0] = finding;
        broken[QLatin1String("findings")] = findings;
        QCOMPARE(schema.check(broken), QStringLiteral("$.findings[0].startLine fails minimum"));
    }

    void writesTheKeysInTheirOrder()
    {
        const std::string json = review::renderJson(smallSession());
        std::size_t at = 0;
        for (const char *key : {"\"schema\": \"ferriscope.review/1\"",
                                "\"complete\": true",
                                "\"scope\"",
                                "\"repository\": \"store\"",
                                "\"base\"",
                                "\"head\"",
                                "\"files\": 1",
                                "\"hunks\": 1",
                                "\"findings\"",
                                "\"id\": \"d1\"",
                                "\"section\": \"concurrency\"",
                                "\"tier\": \"finding\"",
                                "\"severity\": \"high\"",
                                "\"confidence\": 0.85",
                                "\"rule\"",
                                "\"experts\"",
                                "\"origin\": \"introduced\"",
                                "\"path\"",
                                "\"side\": \"new\"",
                                "\"startLine\": 41",
                                "\"endLine\": 43",
                                "\"item\"",
                                "\"title\"",
                                "\"why\"",
                                "\"scenario\"",
                                "\"evidence\"",
                                "\"suggestion\"",
                                "\"references\"",
                                "\"reproduction\"",
                                "\"recommendations\"",
                                "\"coverage\""}) {
            at = json.find(key, at);
            QVERIFY2(at != std::string::npos, key);
        }
    }

    void placesSarifResults()
    {
        for (unsigned seed = 1; seed <= 100; ++seed) {
            Session session = tests::RandomSession(seed).session();
            session.findings.push_back(deadlock());
            const QJsonObject run = tests::parseJson(review::renderSarif(session))
                                        .value(QLatin1String("runs"))
                                        .toArray()[0]
                                        .toObject();
            const QJsonArray results = run.value(QLatin1String("results")).toArray();
            const QJsonArray rules = run.value(QLatin1String("tool"))
                                         .toObject()
                                         .value(QLatin1String("driver"))
                                         .toObject()
                                         .value(QLatin1String("rules"))
                                         .toArray();
            QCOMPARE(results.size(), static_cast<qsizetype>(session.findings.size()));
            for (const QJsonValue &value : results) {
                const QJsonObject result = value.toObject();
                const int index = result.value(QLatin1String("ruleIndex")).toInt(-1);
                QCOMPARE(rules.at(index).toObject().value(QLatin1String("id")),
                         result.value(QLatin1String("ruleId")));
                const double rank = result.value(QLatin1String("rank")).toDouble(-1);
                QVERIFY(rank >= 0 && rank <= 100);
                const QJsonObject location = result.value(QLatin1String("locations")).toArray()[0].toObject();
                const QJsonObject place = location.value(QLatin1String("physicalLocation")).toObject();
                const QString uri = place.value(QLatin1String("artifactLocation"))
                                        .toObject()
                                        .value(QLatin1String("uri"))
                                        .toString();
                static const QRegularExpression relative(
                    QStringLiteral("^([A-Za-z0-9._~/-]|%[0-9A-F]{2})*$"));
                QVERIFY2(relative.match(uri).hasMatch(), qPrintable(uri));
                if (location.contains(QLatin1String("properties"))) { // before the change
                    QVERIFY(!place.contains(QLatin1String("region")));
                    continue;
                }
                const QJsonObject region = place.value(QLatin1String("region")).toObject();
                QVERIFY(region.value(QLatin1String("startLine")).toInt() >= 1);
                QVERIFY(region.value(QLatin1String("endLine")).toInt() >=
                        region.value(QLatin1String("startLine")).toInt());
            }
        }
    }

    void tellsSarifHowItFailsAndHowToFixIt()
    {
        const QJsonObject result = firstResult(smallSession());
        const QJsonArray threads = result.value(QLatin1String("codeFlows"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("threadFlows"))
                                       .toArray();
        QCOMPARE(threads.size(), 2); // one for each task
        QCOMPARE(result.value(QLatin1String("level")).toString(), QStringLiteral("error"));
        const QJsonObject region = result.value(QLatin1String("fixes"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("artifactChanges"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("replacements"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("deletedRegion"))
                                       .toObject();
        QCOMPARE(region.value(QLatin1String("startLine")).toInt(), 41);
        QCOMPARE(region.value(QLatin1String("endLine")).toInt(), 44);
    }

    void keepsOldLinesOffTheNewFile()
    {
        Session session = smallSession();
        session.findings[0].place.side = git::Side::Old;
        session.findings[0].scenario.steps[0].place.side = git::Side::Old;
        const QJsonObject result = firstResult(session);
        const QJsonObject location = result.value(QLatin1String("locations")).toArray()[0].toObject();
        const QJsonObject place = location.value(QLatin1String("physicalLocation")).toObject();
        QCOMPARE(place.keys(), QStringList{QStringLiteral("artifactLocation")});
        QCOMPARE(location.value(QLatin1String("message")).toObject().value(QLatin1String("text")).toString(),
                 QStringLiteral("src/db.rs:41-43 (before the change)"));
        const QJsonObject properties = location.value(QLatin1String("properties")).toObject();
        QCOMPARE(properties.value(QLatin1String("side")).toString(), QStringLiteral("old"));
        QCOMPARE(properties.value(QLatin1String("startLine")).toInt(), 41);
        const QString sarif = QString::fromStdString(review::renderSarif(session));
        QVERIFY(sarif.contains(QStringLiteral("takes `session`: src/db.rs:41 (before the change)")));
    }
};

QTEST_GUILESS_MAIN(DataReportTest)
#include "data_report_test.moc"

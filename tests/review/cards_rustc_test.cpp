// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/card.h"
#include "tests/support/tested_cards.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using review::rules::Card;
using review::rules::CardProgram;

namespace {

constexpr int compileMs = 60'000;
constexpr int hangMs = 5'000;

struct Ran {
    bool started = false;
    bool ended = false;
    bool crashed = false;
    int code = 0;
    QByteArray output;
};

Ran run(const QString &program, const QStringList &arguments, int timeoutMs)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    Ran ran;
    ran.started = process.waitForStarted();
    ran.ended = process.waitForFinished(timeoutMs);
    if (!ran.ended) {
        process.kill();
        process.waitForFinished();
    }
    ran.crashed = process.exitStatus() == QProcess::CrashExit;
    ran.code = process.exitCode();
    ran.output = process.readAll();
    return ran;
}

/// What is wrong with the code of a card; empty if nothing.
QByteArray compile(const std::string &code, const std::string &edition, const QString &source,
                   const QStringList &how)
{
    QFile file(source);
    if (!file.open(QIODevice::WriteOnly) || file.write(code.c_str()) < 0)
        return "the source could not be written";
    file.close();
    const QStringList common{QStringLiteral("--edition"), QString::fromStdString(edition),
                             QStringLiteral("-A"),        QStringLiteral("warnings"),
                             QStringLiteral("-C"),        QStringLiteral("debuginfo=0")};
    const Ran ran = run(QStringLiteral("rustc"), common + how + QStringList{source}, compileMs);
    return ran.ended && ran.code == 0 && !ran.crashed ? QByteArray() : "rustc: " + ran.output;
}

QByteArray checkInstead(const Card &card, const QString &folder)
{
    const QString stem = folder + QStringLiteral("/instead_") + QString::fromStdString(card.id);
    return compile(card.insteadProgram.code, card.insteadProgram.edition, stem + QStringLiteral(".rs"),
                   {QStringLiteral("--crate-type=lib"), QStringLiteral("--crate-name=instead"),
                    QStringLiteral("--emit=metadata"), QStringLiteral("-o"),
                    stem + QStringLiteral(".rmeta")});
}

bool isShown(const Ran &ran, const std::string &shows)
{
    if (shows == "hang")
        return ran.started && !ran.ended;
    if (!ran.ended)
        return false;
    return shows == "panic"   ? !ran.crashed && ran.code == 101
           : shows == "abort" ? ran.crashed
                              : ran.output.contains(shows.substr(8).c_str());
}

QByteArray told(const Ran &ran)
{
    return (ran.ended ? "it ended with " + QByteArray::number(ran.code) : QByteArray("it hangs")) + ":\n" +
           ran.output;
}

struct Tried {
    QByteArray failure; ///< what is wrong with the program; empty if nothing
    Ran ran;
};

Tried tryProgram(const std::string &code, const std::string &edition, const QString &stem)
{
    Tried tried;
    tried.failure = compile(code, edition, stem + QStringLiteral(".rs"),
                            {QStringLiteral("--crate-name=reproduction"), QStringLiteral("-o"), stem});
    if (tried.failure.isEmpty())
        tried.ran = run(stem, {}, hangMs);
    return tried;
}

QByteArray checkReproduction(const Card &card, const QString &folder)
{
    const CardProgram &program = card.reproductionProgram;
    const Tried tried = tryProgram(program.code, program.edition,
                                   folder + QStringLiteral("/shows_") + QString::fromStdString(card.id));
    if (!tried.failure.isEmpty() || isShown(tried.ran, program.shows))
        return tried.failure;
    return "it should show " + QByteArray::fromStdString(program.shows) + ", but " + told(tried.ran);
}

QByteArray checkRepaired(const Card &card, const QString &folder)
{
    const CardProgram &program = card.reproductionProgram;
    const Tried tried = tryProgram(program.repaired, program.edition,
                                   folder + QStringLiteral("/repaired_") + QString::fromStdString(card.id));
    if (!tried.failure.isEmpty())
        return tried.failure;
    const Ran &ran = tried.ran;
    if (ran.ended && !ran.crashed && ran.code == 0 && !isShown(ran, program.shows))
        return {};
    return "it should end well and not show " + QByteArray::fromStdString(program.shows) + ", but " +
           told(ran);
}

} // namespace

/// Each card's `Instead` compiles, each reproduction shows its fault, and its repaired form does not. All of
/// them are tried at the start, two at a time.
class CardsRustcTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const Ran version = run(QStringLiteral("rustc"), {QStringLiteral("--version")}, compileMs);
        if (!version.started || version.code != 0)
            QSKIP("there is no Rust toolchain");
        QVERIFY(m_folder.isValid());
        const std::vector<Card> cards = tests::testedCards();
        m_instead.resize(cards.size());
        m_shown.resize(cards.size());
        m_repaired.resize(cards.size());
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            for (std::size_t i = next++; i < cards.size(); i = next++) {
                m_instead[i] = checkInstead(cards[i], m_folder.path());
                m_shown[i] = checkReproduction(cards[i], m_folder.path());
                m_repaired[i] = checkRepaired(cards[i], m_folder.path());
            }
        };
        std::jthread helper(work);
        work();
    }

    void insteadCompiles_data() { addCards(); }
    void insteadCompiles()
    {
        QFETCH(int, index);
        const QByteArray &failure = m_instead[static_cast<std::size_t>(index)];
        QVERIFY2(failure.isEmpty(), failure.constData());
    }

    void reproductionShowsTheFault_data() { addCards(); }
    void reproductionShowsTheFault()
    {
        QFETCH(int, index);
        const QByteArray &failure = m_shown[static_cast<std::size_t>(index)];
        QVERIFY2(failure.isEmpty(), failure.constData());
    }

    void repairedFormDoesNot_data() { addCards(); }
    void repairedFormDoesNot()
    {
        QFETCH(int, index);
        const QByteArray &failure = m_repaired[static_cast<std::size_t>(index)];
        QVERIFY2(failure.isEmpty(), failure.constData());
    }

private:
    static void addCards()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Card &card : tests::testedCards())
            QTest::addRow("%s", card.id.c_str()) << index++;
    }

    QTemporaryDir m_folder;
    std::vector<QByteArray> m_instead;
    std::vector<QByteArray> m_shown;
    std::vector<QByteArray> m_repaired;
};

QTEST_GUILESS_MAIN(CardsRustcTest)
#include "cards_rustc_test.moc"

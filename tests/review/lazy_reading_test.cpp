// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/expert.h"
#include "review/rust/calls.h"
#include "review/rust/model.h"
#include "tests/support/rule_bench.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using tests::EventLog;
using tests::reviewFile;

namespace {

std::map<std::string, std::string> textsBelow(const QString &folder)
{
    std::map<std::string, std::string> texts;
    QDirIterator files(folder, {QStringLiteral("*.rs")}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            texts[file.fileName().mid(folder.size() + 1).toStdString()] = file.readAll().toStdString();
    }
    return texts;
}

/// A review of some of the sample's files, the others around them.
review::Request someOfTheSample(std::mt19937 &random)
{
    const QString sample = QStringLiteral(FERRISCOPE_SOURCE_DIR "/resources/sample/");
    auto before = textsBelow(sample + QStringLiteral("base"));
    review::Request request;
    for (const auto &[path, text] : textsBelow(sample + QStringLiteral("head"))) {
        if (random() % 3 == 0)
            request.files.push_back(reviewFile(path, before[path], text));
        else
            request.context.push_back({path, text, "2021"});
    }
    return request;
}

std::vector<review::Event> eventsOf(const review::Request &request, review::Pace pace)
{
    EventLog log;
    review::makeEmbeddedExpert({}, pace)->review(request, log, {});
    std::erase_if(log.events, [](const review::Event &event) {
        return std::holds_alternative<review::FileBegun>(event);
    });
    return log.events;
}

/// A model of files that are read when they are asked for.
struct LazyModel {
    std::map<std::string, std::string> texts;
    review::rust::Model model;

    explicit LazyModel(std::map<std::string, std::string> all) : texts(std::move(all))
    {
        for (const auto &[path, text] : texts)
            model.add(std::make_shared<const review::rust::SourceFile>(
                path, text, "2021", [](const review::rust::SourceFile &source) {
                    auto tree = review::rust::Tree::parse(source.text());
                    return tree ? std::make_unique<review::rust::File>(source.path(), source.edition(), *tree)
                                : nullptr;
                }));
        model.link();
    }

    const review::rust::File &file(std::size_t index) const { return *model.sources()[index]->file(); }
    std::string read() const
    {
        std::string paths;
        for (const auto &source : model.sources())
            paths += source->fileIfRead() ? source->path() + ' ' : "";
        return paths;
    }
};

} // namespace

class LazyReadingTest : public QObject {
    Q_OBJECT

private slots:
    /// A careful review reads every file beforehand, on one thread.
    void whatIsReadBeforehandChangesNoAnswer()
    {
        constexpr unsigned seed = 20261123;
        std::mt19937 random(seed);
        std::size_t findings = 0;
        for (int round = 0; round < 12; ++round) {
            const review::Request request = someOfTheSample(random);
            const auto quick = eventsOf(request, review::Pace::Quick);
            const auto careful = eventsOf(request, review::Pace::Careful);
            QVERIFY2(quick == careful, qPrintable(QStringLiteral("seed %1, round %2").arg(seed).arg(round)));
            for (const review::Event &event : quick)
                findings += std::holds_alternative<review::FindingClosed>(event);
        }
        QVERIFY(findings > 0);
    }

    void onlyWhatAQuestionNeedsIsRead()
    {
        const LazyModel lazy({{"src/a.rs", "use crate::b::Store; fn run(s: &Store) { s.size(); }"},
                              {"src/b.rs", "pub struct Store { index: u8 } impl Store { fn size(&self) {} }"},
                              {"src/c.rs", "impl Other { fn size(&self) {} } struct Other;"},
                              {"src/d.rs", "fn far() { store.size() }"}});
        const review::rust::File &a = lazy.file(0);
        QVERIFY(lazy.model.findStruct("Store", a));
        QCOMPARE(lazy.model.methods("Store", "size").size(), std::size_t(1));
        QVERIFY(lazy.model.methods("Store", "nothing").empty());
        QCOMPARE(lazy.read(), std::string("src/a.rs src/b.rs "));
        QVERIFY(!lazy.model.onlyMethod("size"));
        QCOMPARE(lazy.read(), std::string("src/a.rs src/b.rs src/c.rs "));
    }

    void aFileThatCannotBeReadIsAskedOnce()
    {
        const std::string text = "struct Store;";
        int asked = 0;
        review::rust::Model model;
        model.add(std::make_shared<const review::rust::SourceFile>(
            "src/b.rs", text, "", [&](const review::rust::SourceFile &) {
                ++asked;
                return std::unique_ptr<review::rust::File>();
            }));
        auto tree = review::rust::Tree::parse("fn a() {}");
        model.add(std::make_unique<review::rust::File>("src/a.rs", "2021", *tree));
        model.link();
        const review::rust::File &a = *model.sources()[1]->file();
        QVERIFY(!model.findStruct("Store", a) && !model.findStruct("Store", a));
        QCOMPARE(asked, 1);
        QVERIFY(model.sources()[0]->hasFailed());
    }

    /// For the thread sanitizer: the same questions from all sides at once.
    void threadsMayAskAtOnce()
    {
        std::map<std::string, std::string> texts;
        for (int i = 0; i < 40; ++i) {
            const std::string n = std::to_string(i);
            texts["src/m" + n + ".rs"] = "pub struct S" + n + " { field" + n + ": u8, next: S" +
                                         std::to_string((i + 1) % 40) + " } impl S" + n + " { pub fn f" + n +
                                         "(&self) { self.next.f" + std::to_string((i + 1) % 40) + "(); } }";
        }
        const LazyModel lazy(std::move(texts));
        std::vector<std::size_t> found(4);
        {
            std::vector<std::jthread> threads;
            for (std::size_t t = 0; t < found.size(); ++t) {
                threads.emplace_back([&lazy, &sum = found[t]] {
                    for (const auto &source : lazy.model.sources()) {
                        for (const review::rust::Call &call : source->file()->tree().calls())
                            sum += lazy.model.callees(call.node, *source->file()).size();
                    }
                });
            }
        }
        QCOMPARE(found, std::vector<std::size_t>(4, 40));
    }
};

QTEST_GUILESS_MAIN(LazyReadingTest)
#include "lazy_reading_test.moc"

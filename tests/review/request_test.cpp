// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/manifest.h"
#include "review/request.h"
#include "review/session.h"
#include "tests/support/test_repository.h"

#include <QTest>

using review::Extent;
using review::Request;
using review::Selection;

namespace {

review::ReviewFile *find(Request &request, const std::string &path)
{
    for (review::ReviewFile &file : request.files) {
        if (file.delta.path() == path)
            return &file;
    }
    return nullptr;
}

QStringList contextPaths(const Request &request)
{
    QStringList paths;
    for (const review::ContextFile &file : request.context)
        paths << QString::fromStdString(file.path);
    return paths;
}

/// A workspace of two crates, and a change of the first one.
struct Workspace {
    tests::TestRepository files;
    git::Result<git::Repository> repository = git::Error{};
    git::Result<git::Diff> diff = git::Error{};

    Workspace()
    {
        files.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"store\", \"wire\"]\n[workspace.package]\nedition = \"2024\"\n");
        files.write("store/Cargo.toml", "[package]\nname = \"store\"\nedition.workspace = true\n");
        files.write("wire/Cargo.toml", "[package]\nname = \"wire\"\nedition = \"2018\"\n");
        for (const char *path :
             {"store/src/lib.rs", "store/src/db/mod.rs", "store/src/db/txn.rs", "store/src/net/far.rs",
              "store/tests/it.rs", "store/benches/b.rs", "store/examples/e.rs", "store/build.rs",
              "wire/src/lib.rs", "store/src/old.rs"})
            files.write(path, std::string("// ") + path + "\nfn a() {}\n");
        files.write("notes.md", "one\n");
        files.write("blob.rs", std::string("a\0b", 3));
        files.commit();
        files.write("store/src/db/txn.rs", "// store/src/db/txn.rs\nfn a() { b() }\n");
        files.write("store/src/new.rs", "fn n() {}\n");
        files.remove("store/src/old.rs");
        files.write("notes.md", "two\n");
        files.write("blob.rs", std::string("a\0c", 3));
        files.commit();
    }

    void open(const char *range = "HEAD~1..HEAD")
    {
        repository = git::Repository::open(files.root());
        QVERIFY(repository);
        diff = repository->diff(*git::parseRange(range));
        QVERIFY2(diff.hasValue(), diff ? "" : diff.error().message.c_str());
    }

    Request request(const Selection &selection, Extent extent = Extent::Hunks)
    {
        open();
        auto made = review::makeRequest(*repository, *diff, selection, extent);
        return made ? *std::move(made) : Request();
    }
};

} // namespace

class RequestTest : public QObject {
    Q_OBJECT

private slots:
    void takesTheRustFilesOfAChange()
    {
        Workspace workspace;
        Request request = workspace.request({});
        QCOMPARE(request.files.size(), 3u);
        const review::ReviewFile *changed = find(request, "store/src/db/txn.rs");
        QVERIFY(changed);
        QCOMPARE(changed->edition, std::string("2024"));
        QCOMPARE(changed->hunks.size(), 1u);
        QVERIFY(changed->hunks[0].newLines == (git::LineRange{1, 2}));
        QVERIFY(changed->chosen == std::vector<bool>{true});
        QCOMPARE(changed->texts.oldText, std::string("// store/src/db/txn.rs\nfn a() {}\n"));
        QCOMPARE(find(request, "store/src/new.rs")->hunks[0].oldLines.size(), 0u);
        const review::ReviewFile *deleted = find(request, "store/src/old.rs");
        QVERIFY(deleted && deleted->texts.newText.empty() && deleted->hunks[0].oldLines.size() == 2);
        QCOMPARE(request.scope.repository, std::string("repo"));
        QVERIFY(request.scope.base.starts_with("HEAD~1 ("));
        QVERIFY(request.leftOut.empty());
        QCOMPARE(request.uncovered.size(), 1u);
        QCOMPARE(request.uncovered[0].path, std::string("blob.rs"));
        QCOMPARE(request.uncovered[0].reason, std::string("binary"));
        QCOMPARE(request.uncovered[0].state, review::Coverage::State::Skipped);
    }

    void readsTheCrateAroundIt()
    {
        Workspace workspace;
        const Request request = workspace.request({});
        // The crate's root first, then nearest folders; no tests, no benches, no other crate, nothing that is
        // reviewed itself.
        QCOMPARE(contextPaths(request),
                 (QStringList{QStringLiteral("store/src/lib.rs"), QStringLiteral("store/src/db/mod.rs"),
                              QStringLiteral("store/src/net/far.rs")}));
        QCOMPARE(request.context[1].text, std::string("// store/src/db/mod.rs\nfn a() {}\n"));
        QCOMPARE(request.context[0].edition, std::string("2024"));
    }

    void readsFirstWhatTheChangeNames()
    {
        Workspace workspace;
        workspace.files.write("store/src/net/disk/mod.rs", "fn d() {}\n");
        workspace.files.write("wire/src/frame.rs", "fn f() {}\n");
        workspace.files.commit();
        workspace.files.write("store/src/db/txn.rs",
                              "use wire::frame::Frame;\nuse crate::net::disk::Disk;\n");
        workspace.files.commit();
        QCOMPARE(contextPaths(workspace.request({})),
                 (QStringList{QStringLiteral("store/src/lib.rs"), QStringLiteral("store/src/net/disk/mod.rs"),
                              QStringLiteral("store/src/db/mod.rs"), QStringLiteral("store/src/new.rs"),
                              QStringLiteral("store/src/net/far.rs")}));
    }

    void takesOnlyWhatWasChosen()
    {
        Workspace workspace;
        Request all = workspace.request({});
        Selection selection{Selection::Kind::Chosen,
                            {{"store/src/new.rs", find(all, "store/src/new.rs")->hunks[0].id},
                             {"store/src/db/txn.rs", "no such hunk"}}};
        Request request = workspace.request(selection);
        QCOMPARE(request.files.size(), 1u);
        QCOMPARE(request.files[0].delta.path(), std::string("store/src/new.rs"));
        // What is not reviewed of the same crate surrounds it.
        QVERIFY(contextPaths(request).contains(QStringLiteral("store/src/db/txn.rs")));
        QVERIFY(request.leftOut.empty());
    }

    void takesAllTextFilesWhenAsked()
    {
        Workspace workspace;
        Request request = workspace.request({Selection::Kind::All, {}}, Extent::WholeFiles);
        QCOMPARE(request.files.size(), 4u);
        QVERIFY(find(request, "notes.md"));
        QCOMPARE(find(request, "notes.md")->edition, std::string());
        QCOMPARE(request.extent, Extent::WholeFiles);
    }

    void tellsHunksOfOneFileApart()
    {
        Workspace workspace;
        std::string text;
        for (int i = 0; i < 60; ++i)
            text += "line " + std::to_string(i) + "\n";
        workspace.files.write("store/src/lib.rs", text);
        workspace.files.commit();
        text.replace(text.find("line 3\n"), 7, "line three\n");
        text.replace(text.find("line 50\n"), 8, "");
        workspace.files.write("store/src/lib.rs", text);
        workspace.open("--worktree");
        auto all = review::makeRequest(*workspace.repository, *workspace.diff, {}, Extent::Hunks);
        QVERIFY(all && all->files.size() == 1);
        QCOMPARE(all->files[0].hunks.size(), 2u);
        const Selection second{Selection::Kind::Chosen, {{"store/src/lib.rs", all->files[0].hunks[1].id}}};
        auto one = review::makeRequest(*workspace.repository, *workspace.diff, second, Extent::Hunks);
        QVERIFY(one && one->files.size() == 1);
        QVERIFY((one->files[0].chosen == std::vector<bool>{false, true}));
        QCOMPARE(one->files[0].edition, std::string("2024"));
        QVERIFY(one->files[0].hunks[1].newLines.empty());
    }

    void cutsWhatSurroundsAReviewAndSaysSo()
    {
        Workspace workspace;
        const std::string megabyte(1u << 20, '/');
        for (int i = 0; i < 12; ++i)
            workspace.files.write("store/src/big" + std::to_string(i) + ".rs", megabyte);
        workspace.files.write("store/src/huge.rs", megabyte + megabyte + megabyte);
        workspace.files.commit();
        workspace.files.write("store/src/lib.rs", "fn changed() {}\n");
        workspace.files.commit();
        Request request = workspace.request({});
        QCOMPARE(request.files.size(), 1u);
        std::size_t bytes = 0;
        for (const review::ContextFile &file : request.context)
            bytes += file.text.size();
        QVERIFY(bytes <= review::maxContextBytes && bytes >= review::maxContextBytes - 2 * megabyte.size());
        QCOMPARE(request.leftOut.size(), 1u);
        QVERIFY2(QString::fromStdString(request.leftOut[0])
                     .contains(QRegularExpression(
                         QStringLiteral("^\\d+ Rust files of the same crates were not read .* 8 MiB\\.$"))),
                 request.leftOut[0].c_str());
    }

    void stopsAndTellsHowFarItIs()
    {
        Workspace workspace;
        workspace.open();
        std::stop_source source;
        std::vector<std::pair<std::size_t, std::size_t>> steps;
        const auto made = review::makeRequest(*workspace.repository, *workspace.diff, {}, Extent::Hunks,
                                              source.get_token(), [&](std::size_t done, std::size_t total) {
                                                  steps.emplace_back(done, total);
                                                  if (done == 2)
                                                      source.request_stop();
                                              });
        QVERIFY(!made);
        QCOMPARE(made.error().kind, git::ErrorKind::Cancelled);
        QVERIFY((steps == std::vector<std::pair<std::size_t, std::size_t>>{{1, 4}, {2, 4}}));
    }

    void makesASessionOfAllFiles()
    {
        Workspace workspace;
        const Request request = workspace.request({});
        const review::Session session = review::makeSession(*workspace.diff, request, 7);
        QCOMPARE(session.files.size(), workspace.diff->files.size());
        for (std::size_t i = 0; i < session.files.size(); ++i)
            QVERIFY(session.files[i].delta == workspace.diff->files[i]);
        const auto notes =
            std::find_if(session.files.begin(), session.files.end(),
                         [](const review::ReviewFile &file) { return file.delta.path() == "notes.md"; });
        QVERIFY(notes != session.files.end() && notes->texts == git::FileTexts{} && notes->hunks.empty());
        QCOMPARE(session.createdAt, 7);
    }

    void readsAPatchWithItsRealLines()
    {
        Workspace workspace;
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "line " + std::to_string(i) + "\n";
        workspace.files.write("store/src/lib.rs", text);
        workspace.files.commit();
        text.replace(text.find("line 70\n"), 8, "line seventy\nand more\n");
        text.replace(text.find("line 20\n"), 8, "");
        workspace.files.write("store/src/lib.rs", text);
        const std::string patch = workspace.files.git({QStringLiteral("diff")});
        const auto parsed = git::parsePatch(patch, "change.patch");
        QVERIFY(parsed);
        const Request request = review::makeRequest(*parsed, {});
        QCOMPARE(request.files.size(), 1u);
        const review::ReviewFile &file = request.files[0];
        QCOMPARE(file.hunks.size(), 2u); // three lines around each, but far apart in the real file
        const std::vector<git::Change> changes{file.hunks[0].changes[0], file.hunks[1].changes[0]};
        QCOMPARE(review::realLine(file, git::Side::Old, changes[0].oldLines.begin), 20u);
        QCOMPARE(review::realLine(file, git::Side::New, changes[1].newLines.begin), 69u);
        QCOMPARE(review::realLine(file, git::Side::New, changes[1].newLines.end - 1), 70u);
        QCOMPARE(request.leftOut.size(), 1u);
        QVERIFY(request.leftOut[0].starts_with("Only the lines that the patch shows"));
    }

    void readsManifests_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("edition");
        const auto row = [](const char *name, const char *text, const char *edition) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(edition);
        };
        row("plain", "[package]\nname = \"a\"\nedition = \"2021\"\n", "2021");
        row("spaces, comment, CRLF", "[ package ] # here\r\n  edition='2018' # old\r\n", "2018");
        row("byte order mark", "\xEF\xBB\xBF[package]\nedition = \"2021\"\n", "2021");
        row("no key", "[package]\nname = \"a\"\n", "2015");
        row("dotted", "package.name = \"a\"\npackage.edition = \"2024\"\n", "2024");
        row("workspace", "[package]\nedition.workspace = true\n", "root");
        row("workspace table", "[package]\nedition = { workspace = true }\n", "root");
        row("workspace subtable", "[package.edition]\nworkspace = true\n", "root");
        row("another table's key",
            "[package]\nname = \"a\"\n[package.metadata.x]\nedition = \"2021\"\n[[bin]]\nedition = "
            "\"2018\"\n",
            "2015");
        row("commented out", "[package]\n# edition = \"2021\"\n", "2015");
        row("inside a text",
            "[package]\ndescription = \"\"\"\nedition = \"2018\"\n[dependencies]\n\"\"\"\nedition = "
            "\"2021\"\n",
            "2021");
        row("only a workspace", "[workspace]\nmembers = []\n", "");
        row("nothing", "", "");
    }

    void readsManifests()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, edition);
        review::Manifest root;
        root.workspaceEdition = "root";
        const review::Manifest manifest = review::parseManifest(text.toStdString());
        QCOMPARE(QString::fromStdString(review::editionOf(manifest, &root)), edition);
        if (edition == QLatin1String("root"))
            QCOMPARE(review::editionOf(manifest, nullptr), std::string());
    }
};

QTEST_GUILESS_MAIN(RequestTest)
#include "request_test.moc"

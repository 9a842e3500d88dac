// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/content_id.h"
#include "review/embedded/engine_version.h"
#include "review/expert.h"
#include "review/rust/tree_bytes.h"
#include "review/tree_cache.h"
#include "tests/support/rule_bench.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

using review::TreeCache;
using review::rust::Node;
using review::rust::toBytes;
using review::rust::toTree;
using review::rust::Tree;

namespace {

const std::string inner = R"(//! The rows.
use std::sync::{Mutex, RwLock as Lock};
use crate::log::*;

pub type Rows = Vec<u64>;
pub static COUNT: Mutex<u64> = Mutex::new(0);

/// Holds what was written.
#[derive(Debug)]
pub struct Inner<T> {
    pub rows: Mutex<Rows>,
    pub names: Lock<T>,
}

unsafe impl<T> Send for Inner<T> {}

impl<T> Inner<T> {
    pub fn size(&self) -> usize {
        use std::cmp::max;
        select! { x = self.next() => x, else => max(1, self.rows.lock().unwrap().len()) }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts() { assert_eq!(1, 1); }
}
)";

const std::string user = R"(use crate::inner::Inner;

pub fn twice(inner: &Inner<u8>) {
    let rows = inner.rows.lock().unwrap();
    println!("{} {}", inner.size(), rows.len());
}
)";

/// A new file, and around it one that it needs and some that it does not.
struct Shape {
    std::map<std::string, std::string> around{{"src/inner.rs", inner}};
    review::Request request;

    Shape()
    {
        for (int i = 0; i < 20; ++i)
            around["src/far" + std::to_string(i) + ".rs"] =
                "pub fn far" + std::to_string(i) + "() -> u32 { 1 }\n";
        request.files.push_back(tests::reviewFile("src/user.rs", {}, user));
        for (const auto &[path, text] : around)
            request.context.push_back({path, text, "2021"});
    }
};

std::vector<review::Event> reviewed(const review::Request &request, const std::string &folder)
{
    tests::EventLog log;
    review::makeEmbeddedExpert(folder)->review(request, log, {});
    return log.events;
}

/// What is in the review's own cache would hide what this one does.
void forgetReviews(const std::string &folder)
{
    std::filesystem::remove(folder + "/reviews-1.sqlite");
}

} // namespace

class TreeCacheTest : public QObject {
    Q_OBJECT

private slots:
    void aTreeIsMadeOfItsBytesAgain()
    {
        const std::string broken = "fn a( {\n    vec![1, 2; }\n";
        for (const std::string &text : {inner, user, broken, std::string()}) {
            const auto tree = *Tree::parse(text);
            const auto again = toTree(text, toBytes(*tree));
            QVERIFY(again);
            QVERIFY(again->errors() == tree->errors());
            const std::vector<Node> before = tree->root().descendants();
            const std::vector<Node> after = again->root().descendants();
            QCOMPARE(after.size(), before.size());
            for (std::size_t i = 0; i < before.size(); ++i) {
                QCOMPARE(after[i].kind(), before[i].kind());
                QVERIFY(after[i].bytes() == before[i].bytes() &&
                        after[i].fieldName() == before[i].fieldName());
                QCOMPARE(after[i].parent().index(), before[i].parent().index());
                QVERIFY(after[i].isNamed() == before[i].isNamed() &&
                        after[i].hasError() == before[i].hasError());
                QVERIFY(after[i].namedChildren().size() == before[i].namedChildren().size());
            }
        }
    }

    void brokenBytesMakeNoTreeOrOneThatCanBeWalked()
    {
        const std::string tree = toBytes(**Tree::parse(inner));
        QVERIFY(toTree(inner, tree));
        for (std::size_t size = 0; size < tree.size(); ++size)
            QVERIFY(!toTree(inner, tree.substr(0, size)));
        QVERIFY(!toTree(inner.substr(0, inner.size() / 2), tree));
        for (std::size_t at = 0; at < tree.size(); ++at) {
            std::string bytes = tree;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
            const auto broken = toTree(inner, bytes);
            std::size_t sum = 0;
            for (const Node node :
                 broken ? std::vector<Node>(broken->root().descendants()) : std::vector<Node>())
                sum += node.text().size() + node.children().size() + node.parent().index();
            QVERIFY(!broken || sum > 0);
        }
    }

    void theCacheChangesNothing()
    {
        const Shape shape;
        const auto plain = reviewed(shape.request, {});
        const bool found = std::any_of(plain.begin(), plain.end(), [](const review::Event &event) {
            const auto *closed = std::get_if<review::FindingClosed>(&event);
            return closed && closed->finding.rule == "double-lock";
        });
        QVERIFY2(found, "the lock is taken in another file");
        QVERIFY(reviewed(shape.request, folder("same")) == plain);
        forgetReviews(folder("same"));
        TreeCache cache(folder("same"), review::embedded::engineVersion());
        QVERIFY(!cache.tree(git::contentId(inner)).empty() && !cache.tree(git::contentId(user)).empty());
        QVERIFY(reviewed(shape.request, folder("same")) == plain);
    }

    void aDamagedCacheChangesNothingEither()
    {
        const Shape shape;
        const auto plain = reviewed(shape.request, {});
        for (const qint64 from : {0, 16384, 40000}) {
            QVERIFY(reviewed(shape.request, folder("damaged")) == plain);
            forgetReviews(folder("damaged"));
            QFile file(QString::fromStdString(folder("damaged")) + QStringLiteral("/trees-1.sqlite"));
            QVERIFY(file.open(QIODevice::ReadWrite) && file.size() > from);
            QVERIFY(file.seek(from));
            file.write(QByteArray(static_cast<qsizetype>(file.size() - from), 'x'));
            file.close();
            QVERIFY(reviewed(shape.request, folder("damaged")) == plain);
            forgetReviews(folder("damaged"));
        }
    }

    void whatWasKeptIsFoundOfItsVersionOnly()
    {
        TreeCache cache(folder("plain"), "version 1");
        QVERIFY(cache.tree("one").empty());
        cache.keep({{"one", "tree"}, {"two", std::string("\0b", 2)}});
        QCOMPARE(cache.tree("two"), std::string("\0b", 2));
        QCOMPARE(cache.tree("one"), std::string("tree"));
        QCOMPARE(TreeCache(folder("plain"), "version 2").tree("one"), std::string());
        cache.tidy();
        QCOMPARE(TreeCache(folder("plain"), "version 1").tree("one"), std::string("tree"));
    }

    void twoWritersAndAReaderAtOnceLoseNothing()
    {
        const std::string shared = folder("shared");
        const auto write = [&](const std::string &name) {
            TreeCache cache(shared, "v");
            for (int i = 0; i < 20; ++i)
                cache.keep({{name + std::to_string(i), name + std::string(5000, 't')}});
            cache.tidy();
        };
        {
            const std::jthread first(write, "a");
            const std::jthread second(write, "b");
            const std::jthread reader([&] {
                TreeCache cache(shared, "v");
                for (int i = 0; i < 40; ++i) {
                    const std::string tree = cache.tree("a19");
                    QVERIFY(tree.empty() || tree.front() == 'a');
                }
            });
        }
        TreeCache cache(shared, "v");
        QVERIFY(cache.tree("a19").front() == 'a' && cache.tree("b19").front() == 'b');
    }

private:
    std::string folder(const char *name) const { return m_folder.path().toStdString() + '/' + name; }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TreeCacheTest)
#include "tree_cache_test.moc"

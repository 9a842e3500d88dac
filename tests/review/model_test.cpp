// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/calls.h"
#include "review/rust/model.h"
#include "tests/support/rust_source.h"

#include <QTest>

using namespace review::rust;

namespace {

QStringList pathsOf(const std::vector<const Function *> &functions)
{
    QStringList paths;
    for (const Function *function : functions) {
        QString path = QString::fromStdString(function->path());
        if (!function->traitName.empty())
            path += QLatin1Char('/') + QString::fromStdString(function->traitName);
        paths += path;
    }
    return paths;
}

} // namespace

class ModelTest : public QObject {
    Q_OBJECT

private slots:
    void readsFunctions();
    void readsStructsAndEnums();
    void readsImplsAndStatics();
    void readsUses();
    void findsItems();
    void findsTestCode_data();
    void findsTestCode();
    void knowsStatementsOfTests();
    void knowsTestPaths_data();
    void knowsTestPaths();
    void findsStructsByName();
    void findsCallees_data();
    void findsCallees();
    void findsItemsInMacros();
    void assumesAnEdition();
};

void ModelTest::readsFunctions()
{
    const support::RustSource source(R"(
        /// Saves it.
        /// # Errors
        #[inline]
        #[must_use]
        pub async unsafe fn save<T>(self: &Self, (a, b): (u8, u8), path: &Path) -> io::Result<()> { x }
        extern "C-unwind" fn callback(p: *mut u8) {}
        extern "C" { fn foreign(p: *mut u8); }
        trait Engine { fn put(&self); fn get(&self) -> Option<u8> { None } }
        impl<'a, T: Clone> Engine for &'a mut Store<T> { fn put(&self) {} }
        const fn plain() {})");
    const Function &save = *source.function("save");
    QVERIFY(save.isAsync && save.isUnsafe && save.isPublic && save.returnsResult() && !save.isTest);
    QCOMPARE(save.attributes, (std::vector<std::string>{"inline", "must_use"}));
    QCOMPARE(save.docs, std::string("Saves it.\n# Errors"));
    QCOMPARE(save.parameters.size(), std::size_t(3));
    QCOMPARE(save.parameters[0].name, std::string("self"));
    QCOMPARE(save.parameters[1].name, std::string());
    QCOMPARE(save.parameters[2].name, std::string("path"));
    QCOMPARE(save.path(), std::string("save"));
    QCOMPARE(source.function("callback")->abi, std::string("C-unwind"));
    QCOMPARE(source.function("foreign")->abi, std::string("C"));
    QVERIFY(!source.function("foreign")->body);
    const auto puts = source.model().functionsNamed("put");
    QCOMPARE(pathsOf(puts),
             (QStringList{QStringLiteral("Engine::put"), QStringLiteral("Store::put/Engine")}));
    QVERIFY(!source.function("get")->returnsResult() && !source.function("plain")->isPublic);
    QCOMPARE(source.file().functionAt(source.node("x", "identifier")), &save);
}

void ModelTest::readsStructsAndEnums()
{
    const support::RustSource source(R"(
        #[derive(Clone)]
        #[repr(C)]
        pub struct Store<'a, K, V: Ord> where K: Eq { pub index: Mutex<K>, /* c */ data: &'a V }
        struct Pair(u8, pub Vec<u8>);
        struct Unit;
        #[repr(u8)] enum Kind { A = 1, B(u8) })");
    const Struct &store = *source.model().findStruct("Store", source.file());
    QCOMPARE(store.generics, (std::vector<std::string>{"K", "V"}));
    QCOMPARE(store.fields.size(), std::size_t(2));
    QCOMPARE(store.fields[0].name, std::string("index"));
    QCOMPARE(store.fields[0].type.text(), std::string_view("Mutex<K>"));
    QCOMPARE(store.attributes, (std::vector<std::string>{"derive(Clone)", "repr(C)"}));
    const Struct &pair = *source.model().findStruct("Pair", source.file());
    QCOMPARE(pair.fields[1].name, std::string("1"));
    QCOMPARE(pair.fields[1].type.text(), std::string_view("Vec<u8>"));
    QVERIFY(source.model().findStruct("Unit", source.file())->fields.empty());
    QCOMPARE(source.file().enums().at(0).attributes, std::vector<std::string>{"repr(u8)"});
}

void ModelTest::readsImplsAndStatics()
{
    const support::RustSource source(R"(
        unsafe impl<T> Send for Wrapper<T> {}
        impl fmt::Display for Wrapper<u8> {}
        static mut COUNT: u32 = 0;
        const MAX: usize = 1;
        lazy_static! { pub static ref TABLE: Mutex<u8> = Mutex::new(1); }
        thread_local! { static LOCAL: RefCell<u8> = RefCell::new(1); })");
    const auto &impls = source.file().impls();
    QCOMPARE(impls.size(), std::size_t(2));
    QVERIFY(impls[0].isUnsafe && !impls[1].isUnsafe);
    QCOMPARE(impls[0].typeName + " " + impls[0].traitName + " " + impls[1].traitName,
             std::string("Wrapper Send Display"));
    QStringList statics;
    for (const Static &found : source.file().statics())
        statics += QString::fromStdString(found.name) + (found.isMut ? QStringLiteral("!") : QString());
    QCOMPARE(statics, (QStringList{QStringLiteral("COUNT!"), QStringLiteral("MAX"), QStringLiteral("TABLE"),
                                   QStringLiteral("LOCAL")}));
    QCOMPARE(source.model().findStatic("TABLE", source.file())->type.text(), std::string_view("Mutex<u8>"));
}

void ModelTest::readsUses()
{
    const support::RustSource source(R"(
        use std::{collections::{HashMap as Map, BTreeMap}, sync::{self, mpsc::{self as chan}}, fmt::*};
        use crate::store::Store;
        use ::tokio::time;
        extern crate foo;)");
    const File &file = source.file();
    QCOMPARE(file.resolve("Map"), std::string("std::collections::HashMap"));
    QCOMPARE(file.resolve("sync::Mutex"), std::string("std::sync::Mutex"));
    QCOMPARE(file.resolve("chan::channel"), std::string("std::sync::mpsc::channel"));
    QCOMPARE(file.resolve("Store::open"), std::string("crate::store::Store::open"));
    QCOMPARE(file.resolve("time::sleep"), std::string("tokio::time::sleep"));
    QCOMPARE(file.resolve("::std::mem::drop"), std::string("std::mem::drop"));
    QCOMPARE(file.resolve("unknown::x"), std::string("unknown::x"));
}

void ModelTest::findsItems()
{
    const support::RustSource source("mod wire { struct Header { x: u8 } impl<T> Codec for Header<T> { fn "
                                     "decode() { here(); } } }\nfn top() {}");
    const File &file = source.file();
    QCOMPARE(file.itemAt(source.node("here()")), std::string("mod wire › impl Codec for Header › fn decode"));
    QCOMPARE(file.itemAt(source.node("x: u8")), std::string("mod wire › struct Header"));
    QCOMPARE(file.itemAt(source.root()), std::string());
    QVERIFY(!file.functionAt(source.node("x: u8")));
    QCOMPARE(file.functionAt(source.function("top")->node)->name, std::string("top"));
}

void ModelTest::findsTestCode_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("test");
    const auto row = [](const char *code, bool test) { QTest::newRow(code) << code << test; };
    row("fn f() { here(); }", false);
    row("#[test] fn f() { here(); }", true);
    row("#[tokio::test(flavor = \"multi_thread\")] async fn f() { here(); }", true);
    row("#[cfg(test)] mod checks { fn f() { here(); } }", true);
    row("mod tests { fn f() { here(); } }", true);
    row("#[cfg(not(test))] fn f() { here(); }", false);
    row("#[cfg(any(test, feature = \"testexport\"))] fn f() { here(); }", true);
    row("#[cfg(feature = \"test-util\")] fn f() { here(); }", false);
    row("#[cfg(all(loom, test))] impl A { fn f() { here(); } }", true);
    row("#[cfg(test)] fn g() {} fn f() { here(); }", false);
    row("#![cfg(test)] fn f() { here(); }", true);
    row("// @generated by x\nfn f() { here(); }", true);
}

void ModelTest::findsTestCode()
{
    QFETCH(QString, code);
    QFETCH(bool, test);
    const support::RustSource source(code.toStdString());
    QCOMPARE(source.file().isTest(source.node("here()")), test);
    QCOMPARE(source.function("f")->isTest, test);
}

void ModelTest::knowsStatementsOfTests()
{
    const support::RustSource source("fn f(slow: bool) { #[cfg(test)] if slow { here(); } there(); }");
    QVERIFY(source.file().isTest(source.node("here()")));
    QVERIFY(!source.file().isTest(source.node("there()")));
}

void ModelTest::knowsTestPaths_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("test");
    const auto row = [](const char *path, bool test) { QTest::newRow(path) << path << test; };
    row("src/lib.rs", false);
    row("tests/commit.rs", true);
    row("crates/a/benches/b.rs", true);
    row("examples/x/main.rs", true);
    row("fuzz/fuzz_targets/a.rs", true);
    row("build.rs", true);
    row("src/store/tests.rs", true);
    row("docs/snippets/chat.rs", true);
    row("transport-mock/src/lib.rs", true);
    row("crates/e2e-test-utils/src/import.rs", true);
    row("src/map/fixtures.rs", true);
    row("src/contest.rs", false);
    row("src/latest/a.rs", false);
}

void ModelTest::knowsTestPaths()
{
    QFETCH(QString, path);
    const support::RustSource source(
        std::vector<std::pair<std::string, std::string>>{{path.toStdString(), "fn f() {}"}});
    QTEST(source.file().isTestFile(), "test");
}

void ModelTest::findsStructsByName()
{
    const support::RustSource source({{"src/a.rs", "use crate::b::Other as Mine; struct Both { here: u8 }"},
                                      {"src/b.rs", "struct Other { x: u8 } struct Both { there: u8 }"},
                                      {"src/c.rs", "struct Twice;"},
                                      {"src/d.rs", "struct Twice;"},
                                      {"tests/t.rs", "struct Other;"}});
    const Model &model = source.model();
    QCOMPARE(model.findStruct("Mine", source.file(0))->name, std::string("Other"));
    QCOMPARE(model.findStruct("Both", source.file(0))->fields[0].name, std::string("here"));
    QCOMPARE(model.findStruct("Other", source.file(0))->fields.size(), std::size_t(1));
    QVERIFY(!model.findStruct("Twice", source.file(0)));
    QVERIFY(!model.findStruct("Nowhere", source.file(0)));
    QCOMPARE(model.file("src/b.rs"), &source.file(1));
    QVERIFY(!model.file("src/x.rs"));
    QCOMPARE(model.fileOf(source.file(1).root()), &source.file(1));
}

/// The functions that the call of `target…` in Store::run may reach.
void ModelTest::findsCallees_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("callees");
    const auto row = [](const char *call, const char *callees) { QTest::newRow(call) << call << callees; };
    row("self.target()", "Store::target");
    row("Self::target(self)", "Store::target");
    row("Store::target(&store)", "Store::target");
    row("store.target()", "Store::target");
    row("self.inner.target()", "Inner::target/Act");
    row("self.engine.target_put()", "Disk::target_put/Engine Memory::target_put/Engine");
    row("generic.target_put()", "Disk::target_put/Engine Memory::target_put/Engine");
    row("target_free()", "target_free");
    row("helpers::target_help()", "target_help");
    row("crate::helpers::target_help()", "target_help");
    row("imported()", "target_help");
    row("foreign.target_unique()", "Inner::target_unique");
    row("foreign.target()", "");
    row("std::target_free()", "");
    row("self.list.target()", "");
    row("self.provided_target()", "Act::provided_target");
}

void ModelTest::findsCallees()
{
    QFETCH(QString, call);
    QFETCH(QString, callees);
    const support::RustSource source({{"src/store.rs", R"(
            use crate::helpers::{self, target_help as imported};
            struct Store { inner: Arc<Inner>, engine: Box<dyn Engine>, list: Vec<u8> }
            impl Store {
                fn target(&self) {}
                fn run(&self, store: &Store, generic: impl Engine) { )" +
                                                           call.toStdString() + R"(; }
            }
            impl Act for Store {}
            fn target_free() {})"},
                                      {"src/helpers.rs", "pub fn target_help() {}"},
                                      {"src/inner.rs", R"(
            pub trait Act { fn target(&self) {} fn provided_target(&self) {} }
            pub struct Inner;
            impl Act for Inner { fn target(&self) {} }
            impl Inner { fn target_unique(&self) {} })"},
                                      {"src/engine.rs", R"(
            trait Engine { fn target_put(&self); }
            impl Engine for Disk { fn target_put(&self) {} }
            impl Engine for Memory { fn target_put(&self) {} }
            #[cfg(test)] impl Engine for Fake { fn target_put(&self) {} })"}});
    const Node node = source.node(call.toStdString(), "call_expression");
    QVERIFY(node);
    QCOMPARE(pathsOf(source.model().callees(node, source.file())).join(QLatin1Char(' ')), callees);
}

void ModelTest::findsItemsInMacros()
{
    const support::RustSource source(
        "impl Store { cfg_rt! { pub fn spawned(&self) { self.x(); } } fn x(&self) {} }");
    QVERIFY(source.function("spawned"));
    QCOMPARE(source.function("spawned")->path(), std::string("Store::spawned"));
    QCOMPARE(pathsOf(source.model().callees(source.node("self.x()"), source.file())),
             QStringList{QStringLiteral("Store::x")});
}

void ModelTest::assumesAnEdition()
{
    const support::RustSource unknown("fn f() {}", "");
    QCOMPARE(unknown.file().edition(), std::string("2021"));
    QVERIFY(!unknown.file().editionKnown());
    const support::RustSource known("fn f() {}", "2018");
    QVERIFY(known.file().editionKnown());
}

QTEST_GUILESS_MAIN(ModelTest)
#include "model_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/declared_names.h"
#include "review/rust/model.h"

#include <QDirIterator>
#include <QFile>
#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace review::rust;

namespace {

std::string textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// What a File finds in the text and its names do not say, one thing a line.
std::string missing(const std::string &path, const std::string &text)
{
    const auto tree = Tree::parse(text);
    if (!tree)
        return {};
    const File file(path, "2021", *tree);
    const DeclaredNames names = declaredNames(text);
    std::string lost;
    const auto want = [&](Declared kind, const std::string &name, const char *what) {
        if (!name.empty() && !names.declares(kind, name))
            lost += std::string(what) + ' ' + name + '\n';
    };
    for (const Function &function : file.functions()) {
        want(Declared::Function, function.name, "fn");
        if (function.selfType.empty())
            want(Declared::FreeFunction, function.name, "free fn");
        if (function.isAsync)
            want(Declared::AsyncFunction, function.name, "async fn");
        if (!function.selfType.empty() && !names.declares(Declared::Owner, ownerName(function.selfType)))
            lost += "owner " + function.selfType + '\n';
        const std::string_view returned = function.returnType.text();
        const bool isGuard = returned.find("Guard") != std::string_view::npos;
        if (function.body && (isGuard || returned.find("Ref<") != std::string_view::npos))
            want(Declared::GuardGetter, function.name, "guard");
        if (isGuard && std::ranges::find(names.guardNames, function.name) == names.guardNames.end())
            lost += "guard name " + function.name + '\n';
    }
    for (const Struct &item : file.structs()) {
        want(Declared::Struct, item.name, "struct");
        for (const Field &field : item.fields) {
            if (field.name.size() >= 3)
                want(Declared::Field, field.name, "field");
        }
    }
    for (const Struct &item : file.enums())
        want(Declared::Enum, item.name, "enum");
    for (const Static &item : file.statics())
        want(Declared::Static, item.name, "static");
    for (const Impl &impl : file.impls()) {
        if (!names.declares(Declared::Owner, ownerName(impl.typeName)))
            lost += "impl " + impl.typeName + '\n';
        const auto isSame = [&](const DeclaredNames::Impl &other) {
            return other.trait == impl.traitName && other.type == ownerName(impl.typeName);
        };
        if (!impl.traitName.empty() && std::ranges::none_of(names.traitImpls, isSame))
            lost += "impl " + impl.traitName + " for " + impl.typeName + '\n';
    }
    return lost;
}

} // namespace

class DeclaredNamesTest : public QObject {
    Q_OBJECT

private slots:
    void commentsAndLiteralsDeclareNothing()
    {
        const DeclaredNames names = declaredNames("// fn a() {}\n/* fn b() /* fn c() */ fn d() */\n"
                                                  "const TEXT: &str = \"fn e() \\\" fn f()\";\n"
                                                  "const RAW: &str = r#\"fn g() \" fn h()\"#;\n"
                                                  "fn real<'a>(c: char) -> bool { c == '\"' || c == '\\'' }\n"
                                                  "fn r#fn() -> u8 { b'\"' }\n"
                                                  "fn last() {}\n");
        for (const char *name : {"a", "b", "c", "d", "e", "f", "g", "h"})
            QVERIFY2(!names.declares(Declared::Function, name), name);
        for (const char *name : {"real", "r#fn", "last"})
            QVERIFY2(names.declares(Declared::Function, name), name);
        QVERIFY(names.declares(Declared::Static, "TEXT") && names.declares(Declared::Static, "RAW"));
    }

    void headsOfImplsAreTraitsAndTypes()
    {
        const DeclaredNames names =
            declaredNames("unsafe impl<'a, T: Into<Vec<u8>>, F: Fn(T) -> u8> io::Read for &'a Store<T, F>\n"
                          "where T: Send { fn read(&self) {} }\n"
                          "impl fmt::Debug for dyn Engine + Send {}\n"
                          "impl Plain for () {}\n"
                          "fn take(x: impl Hidden, y: &impl Other) -> impl Third { }\n");
        const auto has = [&](std::string_view trait, std::string_view type) {
            return std::ranges::any_of(names.traitImpls, [&](const DeclaredNames::Impl &impl) {
                return impl.trait == trait && impl.type == type;
            });
        };
        QVERIFY(has("Read", "Store") && has("Debug", "Engine") && has("Plain", ""));
        QVERIFY(names.declares(Declared::Owner, "Store") && !names.declares(Declared::Owner, "Vec"));
        for (const char *name : {"Hidden", "Other", "Third"})
            QVERIFY2(!names.declares(Declared::Owner, name), name);
    }

    void returnTypesTellOfGuards()
    {
        const DeclaredNames names = declaredNames(
            "fn held<F: Fn(Guard) -> Guard>(&self, g: MutexGuard<'_, u8>) -> u8 { 0 }\n"
            "fn lock(&self) -> LockResult<MutexGuard<'_, [u8; 4]>> where Self: Sized { todo!() }\n"
            "fn cell(&self) -> Ref<'_, u8> { todo!() }\n"
            "trait T { fn later(&self) -> RwLockReadGuard<'_, u8>; fn none(&self); }\n");
        QVERIFY(names.declares(Declared::GuardGetter, "lock") &&
                names.declares(Declared::GuardGetter, "cell"));
        QVERIFY(!names.declares(Declared::GuardGetter, "held"));
        QVERIFY(!names.declares(Declared::GuardGetter, "later"));
        QCOMPARE(names.guardNames, (std::vector<std::string_view>{"lock", "later"}));
    }

    void onlyUsesOfTheFileCount()
    {
        const DeclaredNames names =
            declaredNames("use a::{b::C, d as e};\nmod tests { use super::*; use x::Y; }\n");
        QVERIFY(names.mayUse("C") && names.mayUse("e") && !names.mayUse("Y") && !names.hasGlobs);
        QVERIFY(declaredNames("pub use crate::inner::*;").hasGlobs);
    }

    /// Every Rust file of the project: the sample, the cards' examples, the tests' own.
    void sayAllThatAFileFinds()
    {
        std::size_t count = 0;
        const QString folder = qEnvironmentVariable("FERRISCOPE_RUST", QStringLiteral(FERRISCOPE_SOURCE_DIR));
        QDirIterator files(folder, {QStringLiteral("*.rs")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const std::string lost = missing("src/file.rs", textOf(path));
            QVERIFY2(lost.empty(), qPrintable(path + QStringLiteral(": ") + QString::fromStdString(lost)));
            ++count;
        }
        QVERIFY(count > 0);
    }

    /// Texts that are cut off anywhere: no byte is read beyond the end, and it ends.
    void textsThatAreCutOffAreRead()
    {
        const std::string text = "impl<T> A for B<T> { fn f() -> Guard<'a> { r#\"x\"#; b'\\''; /* */ } }\n"
                                 "struct S { field: [u8; 4] } use a::{b, *}; 'x' \"\\\"\" 'life r#raw";
        for (std::size_t size = 0; size <= text.size(); ++size) {
            const std::string cut = text.substr(0, size);
            declaredNames(cut);
            declaredNames(text.substr(size));
        }
        QVERIFY(declaredNames("fn a() { \" never closed\n fn b() {}").declares(Declared::Function, "b"));
    }
};

QTEST_GUILESS_MAIN(DeclaredNamesTest)
#include "declared_names_test.moc"

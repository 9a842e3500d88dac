// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/calls.h"
#include "tests/support/rust_source.h"

#include <QTest>

using namespace review::rust;

namespace {

/// The first expression statement of a function with this body.
support::RustSource inFunction(const QString &body)
{
    return support::RustSource("async fn f() { " + body.toStdString() + "; }");
}

Node expressionOf(const support::RustSource &source)
{
    return source.function("f")->body.firstNamedChild().firstNamedChild();
}

} // namespace

class CallsTest : public QObject {
    Q_OBJECT

private slots:
    void takesCallsApart_data();
    void takesCallsApart();
    void findsCallsInOrder();
    void findsCallsByName();
    void stripsAdapters_data();
    void stripsAdapters();
    void climbsAdapters();
    void knowsWhatIsAwaited();
    void namesPlaces_data();
    void namesPlaces();
    void namesMacros();
};

void CallsTest::takesCallsApart_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("receiver");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("arguments");
    const auto row = [](const char *code, const char *receiver, const char *name, const char *path,
                        int arguments) {
        QTest::newRow(code) << code << receiver << name << path << arguments;
    };
    row("f()", "", "f", "f", 0);
    row("Mutex::new(1)", "", "new", "Mutex::new", 1);
    row("std::mem::swap(&mut a, &mut b)", "", "swap", "std::mem::swap", 2);
    row("Vec::<u8>::with_capacity(n)", "", "with_capacity", "Vec::with_capacity", 1);
    row("size_of::<T>()", "", "size_of", "size_of", 0);
    row("a.b.lock()", "a.b", "lock", "", 0);
    row("x.parse::<u8>()", "x", "parse", "", 0);
    row("x.iter().map(|y| y + 1)", "x.iter()", "map", "", 1);
    row("f(1, /* two */ 2)", "", "f", "f", 2);
    row("(self.callback)(1)", "", "", "", 1);
}

void CallsTest::takesCallsApart()
{
    QFETCH(QString, code);
    const support::RustSource source = inFunction(code);
    const Call call = toCall(expressionOf(source));
    QTEST(QString::fromStdString(std::string(call.receiver.text())), "receiver");
    QTEST(QString::fromStdString(std::string(call.name)), "name");
    QTEST(QString::fromStdString(call.path), "path");
    QTEST(int(call.arguments.size()), "arguments");
    QCOMPARE(call.isMethod(), bool(call.receiver));
}

void CallsTest::findsCallsInOrder()
{
    const support::RustSource source = inFunction(QStringLiteral("a(b(), |x| c(x)).d()"));
    QStringList names;
    for (const Call &call : callsIn(expressionOf(source)))
        names += QString::fromStdString(std::string(call.name));
    QCOMPARE(names, (QStringList{QStringLiteral("d"), QStringLiteral("a"), QStringLiteral("b"),
                                 QStringLiteral("c")}));
}

void CallsTest::findsCallsByName()
{
    const support::RustSource source(
        "fn send(x: u8) { tx.send(x); self.send::<u8>(1); sender(2); send (3); vec![net::send(4)]; }");
    QStringList found;
    for (const Call *call : source.file().tree().callsNamed("send"))
        found += QString::fromStdString(std::string(call->node.text()));
    QCOMPARE(found, (QStringList{QStringLiteral("tx.send(x)"), QStringLiteral("self.send::<u8>(1)"),
                                 QStringLiteral("send (3)"), QStringLiteral("net::send(4)")}));
    QVERIFY(source.file().tree().callsNamed("recv").empty());
    QVERIFY(support::RustSource("struct X;").file().tree().callsNamed("send").empty());
}

void CallsTest::stripsAdapters_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("core");
    const auto row = [](const char *code, const char *core) { QTest::newRow(code) << code << core; };
    row("x.lock().await.unwrap()", "x.lock()");
    row("(&x.lock().expect(\"m\"))", "x.lock()");
    row("x.lock()?", "x.lock()");
    row("x.lock().unwrap_or_else(|e| e.into_inner())", "x.lock()");
    row("x.lock().unwrap().len()", "x.lock().unwrap().len()");
    row("y", "y");
}

void CallsTest::stripsAdapters()
{
    QFETCH(QString, code);
    const support::RustSource source = inFunction(code);
    QTEST(QString::fromStdString(std::string(stripAdapters(expressionOf(source)).text())), "core");
}

void CallsTest::climbsAdapters()
{
    const support::RustSource source = inFunction(QStringLiteral("x.lock().await.unwrap().push(1)"));
    QCOMPARE(withAdapters(source.node("x.lock()")).text(), std::string_view("x.lock().await.unwrap()"));
    const Node whole = expressionOf(source);
    QCOMPARE(withAdapters(whole), whole);
}

void CallsTest::knowsWhatIsAwaited()
{
    const support::RustSource source =
        inFunction(QStringLiteral("(a()).await; b().await.c(); d().e().await"));
    QVERIFY(isAwaited(source.node("a()")));
    QVERIFY(isAwaited(source.node("b()")));
    QVERIFY(!isAwaited(source.node("d()")));
}

void CallsTest::namesPlaces_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *code, const char *place) { QTest::newRow(code) << code << place; };
    row("self.a.b", "self.a.b");
    row("self\n  .a", "self.a");
    row("&mut *x", "x");
    row("x.0.y", "x.0.y");
    row("a[i + 1].b", "a[i+1].b");
    row("crate::X", "crate::X");
    row("a.b().c", "");
    row("f()", "");
}

void CallsTest::namesPlaces()
{
    QFETCH(QString, code);
    const support::RustSource source = inFunction(code);
    QTEST(QString::fromStdString(placeText(expressionOf(source))), "place");
}

void CallsTest::namesMacros()
{
    const support::RustSource source =
        inFunction(QStringLiteral("tokio::select! { x = y => z }; vec![1]; f()"));
    const auto macros = source.root().descendants("macro_invocation");
    QCOMPARE(macroName(macros.at(0)), std::string_view("select"));
    QCOMPARE(macroName(macros.at(1)), std::string_view("vec"));
    QVERIFY(macroName(source.node("f()")).empty());
}

QTEST_GUILESS_MAIN(CallsTest)
#include "calls_test.moc"

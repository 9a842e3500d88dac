// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/flow.h"
#include "tests/support/rust_source.h"

#include <QTest>

using namespace review::rust;

class FlowTest : public QObject {
    Q_OBJECT

private slots:
    void ordersTwoCalls_data();
    void ordersTwoCalls();
    void knowsWhatDiverges_data();
    void knowsWhatDiverges();
    void knowsHowBodiesRun_data();
    void knowsHowBodiesRun();
    void findsBodiesLoopsAndStatements();
    void findsBindings_data();
    void findsBindings();
    void findsUses();
    void findsAwaitPoints();
    void findsSafetyComments_data();
    void findsSafetyComments();
    void findsAllowedLints();
};

/// Does a() run before b() on every path (dominates), and on some path (reaches)?
void FlowTest::ordersTwoCalls_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<bool>("dominates");
    QTest::addColumn<bool>("reaches");
    const auto row = [](const char *body, bool dominates, bool reaches) {
        QTest::newRow(body) << body << dominates << reaches;
    };
    row("a(); b();", true, true);
    row("b(); a();", false, false);
    row("b(a());", true, true);
    row("a().b();", true, true);
    row("x.y = a(); b();", true, true);
    row("b().y = a();", true, true);
    row("if c { a(); } b();", false, true);
    row("if c { a(); } else { b(); }", false, false);
    row("if c { a(); } else { return; } b();", true, true);
    row("if c { a(); return; } b();", false, false);
    row("if c { a(); panic!(); } b();", false, false);
    row("if a() { b(); }", true, true);
    row("if a() { return; } b();", true, true);
    row("if c && a() { b(); }", true, true);
    row("if c || a() { b(); }", false, true);
    row("if c && a() {} b();", false, true);
    row("let v = match c { Some(v) => { a(); v } None => return }; b();", true, true);
    row("match c { X => a(), Y => {} } b();", false, true);
    row("match c { X => a(), Y => b() }", false, false);
    row("match a() { X => b(), Y => {} }", true, true);
    row("match c { x if a() => b(), _ => {} }", true, true);
    row("while c { a(); } b();", false, true);
    row("while a() { b(); }", true, true);
    row("for x in a() { b(); }", true, true);
    row("for x in y { a(); b(); }", true, true);
    row("for x in y { if c { a(); continue; } b(); }", false, false);
    row("loop { a(); break; } b();", true, true);
    row("loop { if c { break; } a(); } b();", false, true);
    row("loop { if c { a(); break; } d(); } b();", false, true);
    row("let Some(x) = c else { a(); return; }; b();", false, false);
    row("let y = c && a(); b();", false, true);
    row("{ a(); } b();", true, true);
    row("return a(); b();", true, false);
    row("unsafe { a(); } b();", true, true);
    row("'x: { if c { break 'x; } a(); } b();", false, true);
}

void FlowTest::ordersTwoCalls()
{
    QFETCH(QString, body);
    QFETCH(bool, dominates);
    QFETCH(bool, reaches);
    const support::RustSource source("fn f() { " + body.toStdString() + " }");
    Node a;
    Node b;
    for (const Call &call : callsIn(source.function("f")->body)) {
        if (call.name == "a")
            a = call.node;
        if (call.name == "b")
            b = call.node;
    }
    QVERIFY(a && b);
    QCOMPARE(review::rust::dominates(a, b), dominates);
    QCOMPARE(canReach(a, b), reaches);
}

void FlowTest::knowsWhatDiverges_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<bool>("diverges");
    const auto row = [](const char *body, bool diverges) { QTest::newRow(body) << body << diverges; };
    row("return;", true);
    row("x(); return 1;", true);
    row("panic!(\"x\");", true);
    row("std::process::exit(1);", true);
    row("bail!(\"x\");", true);
    row("if c { return; } else { panic!() }", true);
    row("if c { return; }", false);
    row("if c { return; } else { }", false);
    row("match c { A => return, B => unreachable!() }", true);
    row("match c { A => return, B => 1 };", false);
    row("loop { work(); }", true);
    row("loop { if c { break; } }", false);
    row("loop { loop { break; } }", true);
    row("while c { return; }", false);
    row("let x = match c { A => return, B => todo!() };", true);
    row("let Some(x) = c else { return };", false);
    row("x()?;", false);
    row("let f = || return;", false);
    row("'a: { break 'a; }", false);
    row("c && return;", false);
}

void FlowTest::knowsWhatDiverges()
{
    QFETCH(QString, body);
    QFETCH(bool, diverges);
    const support::RustSource source("fn f() { " + body.toStdString() + " }");
    QCOMPARE(review::rust::diverges(source.function("f")->body), diverges);
}

void FlowTest::knowsHowBodiesRun_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<BodyKind>("kind");
    const auto row = [](const char *code, BodyKind kind) { QTest::newRow(code) << code << kind; };
    row("fn f() { here(); }", BodyKind::Sync);
    row("async fn f() { here(); }", BodyKind::Async);
    row("pub(crate) async unsafe fn f() { here(); }", BodyKind::Async);
    row("fn f() { spawn(async move { here(); }); }", BodyKind::Async);
    row("async fn f() { tokio::task::spawn_blocking(move || { here(); }); }", BodyKind::Blocking);
    row("async fn f() { tokio::task::block_in_place(|| here()); }", BodyKind::Blocking);
    row("async fn f() { std::thread::spawn(|| here()); }", BodyKind::Blocking);
    row("async fn f() { list.par_iter().for_each(|x| here()); }", BodyKind::Blocking);
    row("async fn f() { list.iter().map(|x| here()); }", BodyKind::Async);
    row("async fn f() { value.map_err(|e| here()); }", BodyKind::Async);
    row("async fn f() { spawn_blocking(|| list.iter().for_each(|x| here())); }", BodyKind::Blocking);
    row("async fn f() { let later = || here(); }", BodyKind::Sync);
    row("fn f() { let later = async || here(); }", BodyKind::Async);
    row("async fn f() { select! { _ = x => { here(); } } }", BodyKind::Async);
}

void FlowTest::knowsHowBodiesRun()
{
    QFETCH(QString, code);
    QFETCH(BodyKind, kind);
    const support::RustSource source(code.toStdString());
    const Node here = source.node("here()", "call_expression");
    QVERIFY(here);
    QCOMPARE(bodyKind(bodyOf(here), source.file()), kind);
    QCOMPARE(runsAsync(here, source.file()), kind == BodyKind::Async);
}

void FlowTest::findsBodiesLoopsAndStatements()
{
    const support::RustSource source(R"(fn f() {
        for x in head() { inside(x); list.map(|y| closed(y)); }
        while cond() { let z = deep(1) + 2; }
    })");
    const Node body = source.function("f")->body;
    const Node closed = source.node("closed(y)");
    QVERIFY(bodyOf(closed).is("closure_expression"));
    QVERIFY(!runsIn(closed, body) && runsIn(source.node("inside(x)"), body) && runsIn(body, body));
    QCOMPARE(bodyOf(body), body);
    QVERIFY(loopAround(source.node("inside(x)")).is("for_expression"));
    QVERIFY(!loopAround(source.node("head()")));
    QVERIFY(loopAround(source.node("cond()")).is("while_expression"));
    QVERIFY(!loopAround(closed));
    QCOMPARE(statementOf(source.node("deep(1)")).text(), std::string_view("let z = deep(1) + 2;"));
    QCOMPARE(statementOf(closed), closed);
    QCOMPARE(blockOf(source.node("deep(1)")).text(), std::string_view("{ let z = deep(1) + 2; }"));
    QVERIFY(!blockOf(closed));
}

/// The binding of the name `it` in the call `use_it(it)`, by its text.
void FlowTest::findsBindings_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("binding");
    const auto row = [](const char *code, const char *binding) { QTest::newRow(code) << code << binding; };
    row("fn f(it: u8) { use_it(it); }", "it: u8");
    row("fn f() { let it = 1; use_it(it); }", "let it = 1;");
    row("fn f() { let it = 1; let it = 2; use_it(it); let it = 3; }", "let it = 2;");
    row("fn f() { let it = 1; { let it = 2; } use_it(it); }", "let it = 1;");
    row("fn f(it: u8) { let it = use_it(it); }", "it: u8");
    row("fn f() { let (a, it) = x; use_it(it); }", "let (a, it) = x;");
    row("fn f() { let S { it, .. } = x; use_it(it); }", "let S { it, .. } = x;");
    row("fn f() { for it in x { use_it(it); } }", "it");
    row("fn f() { for (a, it) in x { use_it(it); } }", "(a, it)");
    row("fn f() { if let Some(it) = x { use_it(it); } }", "Some(it)");
    row("fn f(it: u8) { if let Some(it) = x {} else { use_it(it); } }", "it: u8");
    row("fn f() { if let Some(it) = x && use_it(it) {} }", "Some(it)");
    row("fn f() { while let Some(it) = x { use_it(it); } }", "Some(it)");
    row("fn f() { match x { Some(it) => use_it(it), None => {} } }", "Some(it)");
    row("fn f() { match x { Some(it) if use_it(it) => {} _ => {} } }", "Some(it) if use_it(it)");
    row("fn f() { x.map(|it| use_it(it)); }", "it");
    row("fn f() { x.map(|(a, it): (u8, u8)| use_it(it)); }", "(a, it): (u8, u8)");
    row("fn f(it: u8) { spawn(async move { use_it(it) }); }", "it: u8");
    row("fn f() { select! { Some(it) = x => use_it(it), } }", "Some(it)");
    row("fn f() { let Some(it) = x else { return }; use_it(it); }", "let Some(it) = x else { return };");
    row("fn f() { info!(\"{}\", 1); let it = 1; println!(\"{}\", use_it(it)); }", "let it = 1;");
    row("fn f(it: u8) { fn g() { use_it(it); } }", "");
    row("static it: u8 = 1; fn f() { use_it(it); }", "");
}

void FlowTest::findsBindings()
{
    QFETCH(QString, code);
    QFETCH(QString, binding);
    const support::RustSource source(code.toStdString());
    const Node call = source.node("use_it(it)", "call_expression");
    QVERIFY(call);
    const Node found = bindingOf(toCall(call).arguments.at(0));
    QCOMPARE(QString::fromStdString(std::string(found.text())), binding);
    QCOMPARE(bool(initialiserOf(toCall(call).arguments.at(0))), binding.startsWith(QLatin1String("let it")));
}

void FlowTest::findsUses()
{
    const support::RustSource source("fn f(x: u8) { a(x); x = 1; b.x(); S { x }; x::y(); let x = x + 1; "
                                     "m!(x); c(|| x); match 1 { x => {} } }");
    QStringList found;
    for (const Node &use : usesOf("x", source.function("f")->body))
        found += QString::number(use.bytes().begin);
    QCOMPARE(found.size(), 4); // a(x), S { x }, x + 1, m!(x)
}

void FlowTest::findsAwaitPoints()
{
    const support::RustSource source(R"(async fn f() {
        a().await?; tokio::select! { x = b() => c().await } join!(d(), e()); spawn(async { g().await }); })");
    QStringList kinds;
    for (const Node &point : awaitPoints(source.function("f")->body))
        kinds += QString::fromStdString(std::string(point.text().substr(0, 5)));
    QCOMPARE(kinds, (QStringList{QStringLiteral("a().a"), QStringLiteral("tokio"), QStringLiteral("c().a"),
                                 QStringLiteral("join!")}));
}

void FlowTest::findsSafetyComments_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("has");
    const auto row = [](const char *code, bool has) { QTest::newRow(code) << code << has; };
    row("fn f() { // SAFETY: fine\n unsafe { g() } }", true);
    row("fn f() {\n // SAFETY: fine\n let x = unsafe { g() }; }", true);
    row("fn f() {\n // SAFETY: long\n // explanation\n let x = unsafe { g() }; }", true);
    row("fn f() { unsafe { // SAFETY: fine\n g() } }", true);
    row("fn f() { unsafe { g() } }", false);
    row("fn f() {\n // SAFETY: fine\n\n h(); let x = unsafe { g() }; }", false);
    row("fn f() {\n // other\n unsafe { g() } }", false);
    row("fn f() { match x {\n // SAFETY: fine\n A => unsafe { g() }, B => {} } }", true);
    row("fn f() { call(\n // SAFETY: fine\n unsafe { g() }); }", true);
}

void FlowTest::findsSafetyComments()
{
    QFETCH(QString, code);
    QFETCH(bool, has);
    const support::RustSource source(code.toStdString());
    QCOMPARE(hasSafetyComment(source.root().descendants("unsafe_block").at(0)), has);
}

void FlowTest::findsAllowedLints()
{
    const support::RustSource source(R"(#![allow(clippy::file_wide)]
        #[allow(clippy::on_impl, unused)] impl S {
            #[expect(clippy::on_fn, reason = "x")] fn f() { #[allow(clippy::on_statement)] let x = here(); }
        }
        #[deny(clippy::denied)] fn g() { there(); })");
    const Node here = source.node("here()");
    for (const char *lint : {"clippy::file_wide", "clippy::on_impl", "clippy::on_fn", "clippy::on_statement"})
        QVERIFY2(isAllowed(here, lint), lint);
    QVERIFY(!isAllowed(here, "clippy::on"));
    QVERIFY(!isAllowed(source.node("there()"), "clippy::denied"));
    QVERIFY(!isAllowed(source.node("there()"), "clippy::on_fn"));
}

QTEST_GUILESS_MAIN(FlowTest)
#include "flow_test.moc"

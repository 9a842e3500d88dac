// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/guards.h"
#include "tests/support/rust_source.h"

#include <QTest>

using namespace review::rust;

namespace {

/// What the bodies below are the methods of.
constexpr const char *surroundings = R"(
use std::sync::{Condvar, Mutex, RwLock};
use tokio::sync::Mutex as AsyncMutex;
use parking_lot::Mutex as Short;
pub struct Store {
    m: Mutex<Vec<u8>>,
    o: Mutex<Option<u8>>,
    n: Mutex<u8>,
    r: RwLock<HashMap<u8, Vec<u8>>>,
    a: AsyncMutex<Vec<u8>>,
    p: Short<Vec<u8>>,
    c: RefCell<u8>,
    cv: Condvar,
    file: std::fs::File,
    inner: Arc<Inner>,
    shards: Vec<Mutex<u8>>,
}
pub struct Inner { index: Mutex<u8> }
static GLOBAL: Mutex<u8> = Mutex::new(0);
impl Store { fn index_of(&self) -> &Mutex<u8> { &self.inner.index } }
)";

std::string inStore(const std::string &body, const char *head = "async fn f(&self)")
{
    return std::string(surroundings) + "impl Store { " + head + " { " + body + " done(); } }";
}

} // namespace

class GuardsTest : public QObject {
    Q_OBJECT

private slots:
    void knowsHowLongGuardsLive_data();
    void knowsHowLongGuardsLive();
    void findsAcquisitions_data();
    void findsAcquisitions();
    void namesLocks_data();
    void namesLocks();
    void tellsInstancesApart();
    void followsGuardsThroughFunctions();
    void findsLocksOfCallees();
    void tellsWhyAGuardLives();
};

/// In the bodies, the first guard is held at /*+*/, not held at /*-*/, and held on some paths at /*?*/.
void GuardsTest::knowsHowLongGuardsLive_data()
{
    QTest::addColumn<QString>("edition");
    QTest::addColumn<QString>("body");
    const auto row = [](const char *name, const char *edition, const char *body) {
        QTest::newRow(name) << edition << body;
    };
    const auto both = [&](const char *name, const char *body) {
        row((std::string(name) + " 2021").c_str(), "2021", body);
        row((std::string(name) + " 2024").c_str(), "2024", body);
    };

    // Bindings.
    both("let", "/*-*/ let g = self.m.lock().unwrap(); /*+*/ work(); /*+*/");
    both("let to the block's end", "{ let g = self.m.lock().unwrap(); /*+*/ } /*-*/ work();");
    both("underscore", "let _ = self.m.lock().unwrap(); /*-*/");
    both("underscore name", "let _g = self.m.lock().unwrap(); /*+*/");
    both("drop", "let g = self.m.lock().unwrap(); /*+*/ drop(g); /*-*/");
    both("mem drop", "let g = self.m.lock().unwrap(); std::mem::drop(g); /*-*/");
    both("drop of a reference", "let g = self.m.lock().unwrap(); drop(&g); /*+*/");
    both("moved into a call", "let g = self.m.lock().unwrap(); consume(g); /*-*/");
    both("lent to a call", "let mut g = self.m.lock().unwrap(); fill(&mut g); /*+*/ g.push(1); /*+*/");
    both("moved into a struct", "let g = self.m.lock().unwrap(); let h = Holder { g }; /*-*/");
    both("moved to another name", "let g = self.m.lock().unwrap(); let h = g; /*+*/ drop(h); /*-*/");
    both("moved into a shorter block", "let g = self.m.lock().unwrap(); { let h = g; /*+*/ } /*-*/");
    both("reassigned", "let mut g = self.m.lock().unwrap(); /*+*/ g = other(); /*-*/");
    both("shadowed", "let g = self.m.lock().unwrap(); let g = 1; /*+*/ drop(g); /*+*/");
    both("result kept wrapped", "let r = self.m.lock(); /*+*/ let g = r.unwrap(); /*+*/ drop(g); /*-*/");
    both("result matched later", "let r = self.m.lock(); match r { Ok(g) => { /*+*/ } Err(_) => {} } /*-*/");
    both("let else", "let Ok(g) = self.m.lock() else { /*-*/ return; }; /*+*/");
    both("question mark", "let g = self.m.lock().map_err(|_| Error)?; /*+*/");
    both("unwrap or else", "let g = self.m.lock().unwrap_or_else(|e| e.into_inner()); /*+*/");
    both("match that hands on",
         "let g = match self.m.lock() { Ok(g) => g, Err(e) => e.into_inner() }; /*+*/");
    both("tuple", "let (g, h) = (self.m.lock().unwrap(), 1); /*+*/ drop(g); /*-*/");
    both("block's value", "let g = { work(); self.m.lock().unwrap() }; /*+*/");
    both("branch's value", "let g = if x { Some(self.m.lock().unwrap()) } else { None }; /*?*/");
    both("branch's value, other leaves", "let g = if x { self.m.lock().unwrap() } else { return }; /*+*/");
    both("assigned to an outer name", "let g; { g = self.m.lock().unwrap(); /*+*/ } /*+*/ drop(g); /*-*/");
    both("async", "let g = self.a.lock().await; /*+*/ drop(g); /*-*/");
    both("no unwrap", "let g = self.p.lock(); /*+*/");
    both("if let try_lock", "if let Ok(g) = self.m.try_lock() { /*+*/ drop(g); /*-*/ } else { /*-*/ } /*-*/");
    both("if let Ok lock", "if let Ok(mut g) = self.m.lock() { g.push(1); /*+*/ } /*-*/");
    both("while let try_lock", "while let Ok(g) = self.m.try_lock() { /*+*/ work(); } /*-*/");

    // Paths.
    both("dropped in one branch",
         "let g = self.m.lock().unwrap(); if x { drop(g); /*-*/ } else { /*+*/ } /*?*/");
    both("dropped in both branches",
         "let g = self.m.lock().unwrap(); if x { drop(g); } else { drop(g); } /*-*/");
    both("dropped in a branch that leaves",
         "let g = self.m.lock().unwrap(); if x { drop(g); return; } /*+*/");
    both("dropped in a match arm",
         "let g = self.m.lock().unwrap(); match x { A => drop(g), B => { /*+*/ } } /*?*/");
    both(
        "arms that leave",
        "let g = self.m.lock().unwrap(); match x { A => { drop(g); return; } B => panic!(), _ => {} } /*+*/");
    both("early return keeps the rest", "let g = self.m.lock().unwrap(); if x { return; } /*+*/");
    both("dropped in a loop",
         "let g = self.m.lock().unwrap(); loop { /*+*/ if x { drop(g); break; } } /*-*/");
    both("taken in each round",
         "loop { /*-*/ let g = self.m.lock().unwrap(); /*+*/ if x { continue; } /*+*/ }");
    both("dropped and taken again in a loop",
         "let mut g = self.n.lock().unwrap(); loop { drop(g); /*-*/ g = self.m.lock().unwrap(); }");
    both("dropped, not taken again", "let g = self.m.lock().unwrap(); while x { /*?*/ drop(g); } /*?*/");
    both("breaks with it", "let g = loop { if x { break self.m.lock().unwrap(); } /*-*/ };");
    both("condvar", "let mut g = self.m.lock().unwrap(); while g.is_empty() { g = self.cv.wait(g).unwrap(); "
                    "/*+*/ } /*+*/");
    both("condvar with let",
         "let g = self.m.lock().unwrap(); let g = self.cv.wait(g).unwrap(); /*+*/ drop(g); /*-*/");
    both("condvar with time", "let g = self.m.lock().unwrap(); let (g, late) = self.cv.wait_timeout(g, "
                              "d).unwrap(); /*+*/ drop(g); /*-*/");
    both("returned", "let g = self.m.lock().unwrap(); /*+*/ return g; /*-*/");

    // Closures and tasks.
    both("spawned task", "let g = self.m.lock().unwrap(); spawn(async { /*-*/ work(); }); /*+*/");
    both("spawned closure",
         "let g = self.m.lock().unwrap(); std::thread::spawn(|| { /*-*/ work(); }); /*+*/");
    both("closure called in place",
         "let g = self.m.lock().unwrap(); list.iter().for_each(|x| { /*+*/ work(x); }); /*+*/");
    both("moved into a task", "let g = self.m.lock().unwrap(); spawn(async move { use_it(&g); }); /*-*/");

    // Temporaries.
    both("statement", "self.m.lock().unwrap().push(/*+*/ 1); /*-*/");
    both("value in a let", "let n = self.m.lock().unwrap().len(); /*-*/");
    both("clone in a let", "let v = self.m.lock().unwrap().clone(); /*-*/");
    both("deref in a let", "let v = *self.n.lock().unwrap() + /*+*/ 1; /*-*/");
    both("argument", "call(self.m.lock().unwrap().len(), /*+*/ 1); /*-*/");
    both("reference in a let", "let v = &*self.m.lock().unwrap(); /*+*/ work(v); /*+*/");
    both("field reference in a let", "let v = &mut self.m.lock().unwrap().field; /*+*/");
    both("if condition", "if self.m.lock().unwrap().is_empty() { /*-*/ } else { /*-*/ } /*-*/");
    both("while condition", "while self.m.lock().unwrap().is_empty() { /*-*/ } /*-*/");
    both("operand of and", "if self.m.lock().unwrap().is_empty() && /*-*/ other() { /*-*/ }");
    both("match scrutinee",
         "match self.m.lock().unwrap().pop() { Some(x) => { /*+*/ } None => { /*+*/ } } /*-*/");
    both("match scrutinee in a let",
         "let y = match self.m.lock().unwrap().pop() { Some(x) => { /*+*/ x } None => 0 }; /*-*/");
    both("async match scrutinee",
         "match self.a.lock().await.pop() { Some(x) => { /*+*/ } None => {} } /*-*/");
    both("match on a copied value",
         "let v = self.m.lock().unwrap().pop(); match v { Some(x) => { /*-*/ } None => {} }");
    both("match guard", "match x { y if self.m.lock().unwrap().is_empty() => { /*-*/ } _ => { /*-*/ } }");
    both("match arm's expression", "match x { A => self.m.lock().unwrap().push(1), B => { /*-*/ } } /*-*/");
    both("for head", "for x in self.m.lock().unwrap().iter() { /*+*/ } /*-*/");
    both("while let head", "while let Some(x) = self.m.lock().unwrap().pop() { /*+*/ work(x); } /*-*/");
    both("if let then", "if let Some(x) = self.m.lock().unwrap().pop() { /*+*/ } /*-*/");
    row("if let else 2021", "2021",
        "if let Some(x) = self.m.lock().unwrap().pop() { /*+*/ } else { /*+*/ } /*-*/");
    row("if let else 2024", "2024",
        "if let Some(x) = self.m.lock().unwrap().pop() { /*+*/ } else { /*-*/ } /*-*/");
    row("if let else if 2021", "2021",
        "if let Some(x) = self.m.lock().unwrap().pop() {} else if y { /*+*/ } /*-*/");
    row("else if let 2021", "2021",
        "if y { /*-*/ } else if let Some(x) = self.m.lock().unwrap().pop() { /*+*/ } else { /*+*/ } /*-*/");
    row("let chain 2024", "2024",
        "if y && let Some(x) = self.m.lock().unwrap().pop() && /*+*/ z { /*+*/ } else { /*-*/ }");
    row("operand of a let chain 2024", "2024",
        "if self.m.lock().unwrap().is_empty() && let Some(x) = y { /*-*/ }");
    both("let else with a temporary",
         "let Some(x) = self.m.lock().unwrap().pop() else { /*-*/ return; }; /*-*/");
    row("tail expression 2021", "2021",
        "let v = { let d = Dropped; self.m.lock().unwrap().len() /*+*/ }; /*-*/");
    row("tail expression 2024", "2024",
        "let v = { let d = Dropped; self.m.lock().unwrap().len() /*-*/ }; /*-*/");
    both("tail of a branch", "if x { self.m.lock().unwrap().push(1) } /*-*/ work();");
    both("assignment's right side", "self.x = self.m.lock().unwrap().len(); /*-*/");
    both("assignment's left side", "*self.n.lock().unwrap() = /*-*/ 1; /*-*/");
    both("moved into a closure of map", "self.m.lock().map(|g| g.len()); /*-*/");
    both("in a macro", "println!(\"{}\", self.m.lock().unwrap().len()); /*-*/");
    both("guard moved into a call at once", "consume(self.m.lock().unwrap()); /*-*/");
    both("mapped guard", "let g = MutexGuard::map(self.p.lock(), |v| &mut v[0]); /*+*/ drop(g); /*-*/");
    both("downgraded",
         "let g = self.r.write().unwrap(); let h = RwLockWriteGuard::downgrade(g); /*+*/ drop(h); /*-*/");
}

void GuardsTest::knowsHowLongGuardsLive()
{
    QFETCH(QString, edition);
    QFETCH(QString, body);
    const support::RustSource source(inStore(body.toStdString()), edition.toStdString());
    QVERIFY(!source.root().hasError());
    const Node function = source.function("f")->body;
    std::vector<Guard> guards = guardsIn(function, source.file(), source.model());
    std::erase_if(
        guards, [](const Guard &guard) { return guard.lock.receiver == "self.n" && guard.variable == "g"; });
    QVERIFY(!guards.empty());
    const Guard &guard = guards.front();
    int marks = 0;
    for (const Node node : function.descendants()) {
        if (!node.is("block_comment"))
            continue;
        ++marks;
        const char expected = node.text()[2];
        const char found = guard.heldAt(node) ? '+' : guard.maybeHeldAt(node) ? '?' : '-';
        QVERIFY2(expected == found, qPrintable(QStringLiteral("byte %1: %2 instead of %3")
                                                   .arg(node.bytes().begin - function.bytes().begin)
                                                   .arg(QLatin1Char(found))
                                                   .arg(QLatin1Char(expected))));
    }
    QVERIFY(marks > 0);
}

void GuardsTest::findsAcquisitions_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("found");
    const auto row = [](const char *body, const char *found) { QTest::newRow(body) << body << found; };
    row("self.m.lock().unwrap();", "std::sync Mutex");
    row("self.r.read().unwrap();", "std::sync RwLock shared");
    row("self.r.write().unwrap();", "std::sync RwLock");
    row("self.m.try_lock();", "std::sync Mutex tries");
    row("self.p.lock();", "parking_lot Mutex");
    row("self.a.lock().await;", "tokio::sync Mutex");
    row("let later = self.a.lock();", "");
    row("self.a.blocking_lock();", "tokio::sync Mutex");
    row("self.a.try_lock();", "tokio::sync Mutex tries");
    row("self.c.borrow_mut();", "std::cell RefCell");
    row("self.file.lock();", "");
    row("self.file.read(&mut buffer);", "");
    row("std::io::stdout().lock();", "");
    row("std::io::stdin().lock();", "");
    row("foreign().lock();", "an unknown lock ");
    row("foreign().borrow_mut();", "");
    row("GLOBAL.lock().unwrap();", "std::sync Mutex");
    row("let inner = self.inner.clone(); inner.index.lock().unwrap();", "std::sync Mutex");
    row("for shard in &self.shards { shard.lock().unwrap(); }", "std::sync Mutex");
    row("self.shards[0].lock().unwrap();", "std::sync Mutex");
    row("self.shards.iter().map(|s| *s.lock().unwrap());", "");
    row("let m = Mutex::new(1); m.lock().unwrap();", "std::sync Mutex");
    row("let m = Arc::new(AsyncMutex::new(1)); let n = Arc::clone(&m); n.lock().await;", "tokio::sync Mutex");
}

void GuardsTest::findsAcquisitions()
{
    QFETCH(QString, body);
    QFETCH(QString, found);
    const support::RustSource source(inStore(body.toStdString()));
    QString all;
    for (const Guard &guard : guardsIn(source.function("f")->body, source.file(), source.model())) {
        all += QStringLiteral("%1 %2%3%4")
                   .arg(QLatin1String(toText(guard.lock.family)), QString::fromStdString(guard.lock.typeName),
                        guard.mode == GuardMode::Shared ? QStringLiteral(" shared") : QString(),
                        guard.tries ? QStringLiteral(" tries") : QString());
    }
    QCOMPARE(all, found);
}

void GuardsTest::namesLocks_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("key");
    const auto row = [](const char *body, const char *key) { QTest::newRow(body) << body << key; };
    row("self.m.lock().unwrap();", "Store.m");
    row("self.inner.index.lock().unwrap();", "Inner.index");
    row("let i = &self.inner; i.index.lock().unwrap();", "Inner.index");
    row("let m = &self.m; m.lock().unwrap();", "Store.m");
    row("self.shards[3].lock().unwrap();", "Store.shards[]");
    row("for s in self.shards.iter() { s.lock().unwrap(); }", "Store.shards[]");
    row("GLOBAL.lock().unwrap();", "static GLOBAL");
    row("crate::GLOBAL.lock().unwrap();", "static GLOBAL");
    row("self.index_of().lock().unwrap();", "Inner.index");
    row("let own = Mutex::new(1); own.lock().unwrap();", "fn Store::f:own");
}

void GuardsTest::namesLocks()
{
    QFETCH(QString, body);
    QFETCH(QString, key);
    const support::RustSource source(inStore(body.toStdString()));
    const auto guards = guardsIn(source.function("f")->body, source.file(), source.model());
    QCOMPARE(guards.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(guards[0].lock.key), key);
    QVERIFY(!guards[0].lock.assumed);
}

void GuardsTest::tellsInstancesApart()
{
    const auto same = [](const std::string &body) {
        const support::RustSource source(inStore(body, "fn f(&self, x: &Store, y: &Store)"));
        const auto guards = guardsIn(source.function("f")->body, source.file(), source.model());
        return guards.size() == 2 && guards[0].lock.sameInstance(guards[1].lock);
    };
    QVERIFY(same("self.m.lock().unwrap(); self.m.lock().unwrap();"));
    QVERIFY(same("x.m.lock().unwrap(); x.m.lock().unwrap();"));
    QVERIFY(same("let m = &self.m; m.lock().unwrap(); self.m.lock().unwrap();"));
    QVERIFY(same("self.index_of().lock().unwrap(); self.inner.index.lock().unwrap();"));
    QVERIFY(!same("x.m.lock().unwrap(); y.m.lock().unwrap();"));
    QVERIFY(!same("self.m.lock().unwrap(); self.n.lock().unwrap();"));
    QVERIFY(!same("self.shards[i].lock().unwrap(); self.shards[i].lock().unwrap();"));
    QVERIFY(!same("let x = a(); x.m.lock().unwrap(); let x = b(); x.m.lock().unwrap();"));
    QVERIFY(!same("let mut x = a(); x.m.lock().unwrap(); x = b(); x.m.lock().unwrap();"));
}

void GuardsTest::followsGuardsThroughFunctions()
{
    const support::RustSource source(std::string(surroundings) + R"(
        impl Store {
            fn state(&self) -> MutexGuard<'_, Vec<u8>> { self.m.lock().unwrap() }
            fn f(&self) { let g = self.state(); work(); }
            fn value(&self) -> u8 { self.state()[0] }
        }
        fn outside(store: &Store) { let g = store.inner.index.lock().unwrap(); }
        use std::sync::MutexGuard;)");
    const auto guards = guardsIn(source.function("f")->body, source.file(), source.model());
    QCOMPARE(guards.size(), std::size_t(1));
    QCOMPARE(guards[0].lock.key, std::string("Store.m"));
    QCOMPARE(guards[0].variable, std::string("g"));
    QCOMPARE(guards[0].call.text(), std::string_view("self.state()"));
    QVERIFY(guards[0].heldAt(source.node("work();")));
    // The function that makes the guard hands it on at once.
    const auto made = guardsIn(source.function("state")->body, source.file(), source.model());
    QCOMPARE(made.size(), std::size_t(1));
    QVERIFY(made[0].live.empty());
}

void GuardsTest::findsLocksOfCallees()
{
    const support::RustSource source(std::string(surroundings) + R"(
        impl Store {
            fn f(&self) { self.get(); self.inner.bump(); helper(&self.n); std::thread::spawn(|| self.far()); self.later(); }
            fn get(&self) { self.m.lock().unwrap(); }
            fn far(&self) { self.o.lock().unwrap(); }
            async fn later(&self) { self.a.lock().await; }
        }
        impl Inner { fn bump(&self) { self.index.lock().unwrap(); GLOBAL.lock().unwrap(); } }
        fn helper(n: &Mutex<u8>) { n.lock().unwrap(); n.try_lock(); })");
    const auto taken = locksTakenBy(*source.function("f"), source.model());
    QStringList found;
    for (const TakenLock &lock : taken)
        found += QString::fromStdString(lock.lock.key + " " + lock.lock.place);
    QCOMPARE(found,
             (QStringList{QStringLiteral("Store.m self.m"), QStringLiteral("Inner.index self.inner.index"),
                          QStringLiteral("static GLOBAL GLOBAL"), QStringLiteral("Store.n self.n")}));
    QCOMPARE(taken[1].path.size(), std::size_t(1));
    QCOMPARE(taken[1].path[0].text(), std::string_view("self.inner.bump()"));
}

void GuardsTest::tellsWhyAGuardLives()
{
    const support::RustSource source(inStore("match self.m.lock().unwrap().pop() { _ => {} }"));
    const auto guards = guardsIn(source.function("f")->body, source.file(), source.model());
    QCOMPARE(guards.size(), std::size_t(1));
    QCOMPARE(guards[0].reason,
             std::string("a temporary in a `match` scrutinee lives to the end of the match"));
    QVERIFY(guards[0].binding.is("match_expression"));
    QVERIFY(guards[0].variable.empty());
}

QTEST_GUILESS_MAIN(GuardsTest)
#include "guards_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/model.h"
#include "tests/support/rust_source.h"

#include <QTest>

using namespace review::rust;

namespace {

QString toText(const Type &type)
{
    QString text = type.known() ? QString::fromStdString(type.path) : QStringLiteral("?");
    if (!type.args.empty()) {
        QStringList parts;
        for (const Type &argument : type.args)
            parts += toText(argument);
        text += QLatin1Char('<') + parts.join(QLatin1Char(',')) + QLatin1Char('>');
    }
    return text;
}

constexpr const char *surroundings = R"(
use std::collections::HashMap;
use std::sync::{self, Arc, Mutex, RwLock};
use std::io;
use tokio::sync::{mpsc, Mutex as AsyncMutex};
type Shared = Arc<Mutex<State>>;
type Pair<T> = (T, Vec<T>);
pub struct State { count: u64, name: String, tags: Vec<Tag>, by_id: HashMap<u64, Entry> }
pub struct Tag(u32, String);
pub struct Entry { value: Option<Tag>, lock: AsyncMutex<u8> }
pub struct Boxed<T> { value: Mutex<T>, all: Vec<T> }
pub enum Event { Put { key: u64, tag: Tag }, Get(Entry), Stop }
pub struct Server { state: Shared, boxed: Boxed<Tag>, plain: sync::RwLock<State>, tx: mpsc::Sender<Event>, maybe: Option<Arc<State>> }
static LIMIT: u64 = 3;
lazy_static! { static ref CACHE: Mutex<HashMap<u64, Tag>> = Mutex::new(HashMap::new()); }
impl State {
    fn new() -> Self { todo!() }
    fn load(path: &str) -> io::Result<State> { todo!() }
    fn first(&self) -> Option<&Tag> { todo!() }
    async fn fetch(&self) -> Result<Tag, Error> { todo!() }
}
fn open() -> Shared { todo!() }
)";

} // namespace

class TypesTest : public QObject {
    Q_OBJECT

private slots:
    void readsTypes_data();
    void readsTypes();
    void infersExpressions_data();
    void infersExpressions();
    void knowsLockFamilies_data();
    void knowsLockFamilies();
    void followsReexports();
    void readsGlobs();
    void prefersTheNearerUse();
    void saysWhenATypeIsAssumed();
    void peelsPointers();
};

void TypesTest::readsTypes_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("read");
    const auto row = [](const char *written, const char *read) { QTest::newRow(written) << written << read; };
    row("Mutex<u8>", "std::sync::Mutex<u8>");
    row("sync::Mutex<u8>", "std::sync::Mutex<u8>");
    row("std::sync::Mutex<u8>", "std::sync::Mutex<u8>");
    row("AsyncMutex<Vec<u8>>", "tokio::sync::Mutex<Vec<u8>>");
    row("&'a mut Arc<State>", "&mut<std::sync::Arc<State>>");
    row("&[u8]", "&<[]<u8>>");
    row("[u8; 4]", "[]<u8>");
    row("(u8, State)", "()<u8,State>");
    row("()", "()");
    row("*const u8", "*const<u8>");
    row("Box<dyn Fn(u8) -> State + Send>", "Box<dyn<Fn<State>>>");
    row("impl Future<Output = State>", "impl<Future<State>>");
    row("io::Result<u8>", "std::io::Result<u8>");
    row("HashMap<u64, Tag>", "std::collections::HashMap<u64,Tag>");
    row("Shared", "std::sync::Arc<std::sync::Mutex<State>>");
    row("Pair<u8>", "()<u8,Vec<u8>>");
    row("Foo<'a, 3, Item = u8>", "Foo");
}

void TypesTest::readsTypes()
{
    QFETCH(QString, written);
    QFETCH(QString, read);
    const support::RustSource source(std::string(surroundings) + "fn probe(x: " + written.toStdString() +
                                     ") {}");
    const Node type = source.function("probe")->parameters.at(0).type;
    QCOMPARE(toText(source.model().typeOf(type, source.file())), read);
}

/// In a method of Server with `n: u64` and `list: &[Tag]`, the type of the expression that `let probe` has at
/// the end.
void TypesTest::infersExpressions_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *body, const char *type) { QTest::newRow(body) << body << type; };
    // Fields and parameters.
    row("let probe = self;", "&<Server>");
    row("let probe = self.state;", "std::sync::Arc<std::sync::Mutex<State>>");
    row("let probe = self.plain;", "std::sync::RwLock<State>");
    row("let probe = n;", "u64");
    row("let probe = list[0].1;", "String");
    row("let probe = &list[1..];", "&<[]<Tag>>");
    row("let probe = self.boxed.all;", "Vec<Tag>");
    // Locals.
    row("let x: Entry = f(); let probe = x.value;", "Option<Tag>");
    row("let x = State::new(); let probe = x.tags;", "Vec<Tag>");
    row("let x = State::load(p)?; let probe = x.name;", "String");
    row("let x = State::load(p).unwrap().count; let probe = x;", "u64");
    row("let x = open(); let probe = x;", "std::sync::Arc<std::sync::Mutex<State>>");
    row("let x = Tag(1, s); let probe = x;", "Tag");
    row("let x = Entry { value: None, lock: l }; let probe = x.lock;", "tokio::sync::Mutex<u8>");
    row("let x = Arc::new(Mutex::new(State::new())); let probe = x;",
        "std::sync::Arc<std::sync::Mutex<State>>");
    row("let x = Arc::clone(&self.state); let probe = x;", "std::sync::Arc<std::sync::Mutex<State>>");
    row("let x = self.state.clone(); let probe = x;", "std::sync::Arc<std::sync::Mutex<State>>");
    row("let x = Vec::<Tag>::new(); let probe = x;", "Vec<Tag>");
    row("let x = vec![State::new()]; let probe = x;", "Vec<State>");
    row("let probe = format!(\"{}\", n);", "String");
    row("let x = 1; let x = State::new(); let probe = x;", "State");
    row("let x = if n > 1 { State::new() } else { return }; let probe = x;", "State");
    row("let x = match n { 1 => return, _ => Tag(1, s) }; let probe = x;", "Tag");
    row("let x = { let y = State::new(); y }; let probe = x;", "State");
    row("let probe = n as u32;", "u32");
    // Guards.
    row("let g = self.state.lock().unwrap(); let probe = g;", "std::sync::MutexGuard<State>");
    row("let g = self.state.lock().unwrap(); let probe = g.count;", "u64");
    row("let probe = self.plain.read().unwrap().name;", "String");
    row("let g = self.boxed.value.lock().unwrap(); let probe = g.0;", "u32");
    row("let x = self.state.lock().unwrap().by_id.get(&n).unwrap(); let probe = x.lock;",
        "tokio::sync::Mutex<u8>");
    row("let g = CACHE.lock().unwrap(); let probe = g.get(&n);", "Option<&<Tag>>");
    // Patterns.
    row("for tag in list { let probe = tag; }", "&<Tag>");
    row("for tag in list.iter().filter(|t| t.0 > 1) { let probe = tag.1; }", "String");
    row("for (id, entry) in &self.plain.read().unwrap().by_id { let probe = entry.value; }", "Option<Tag>");
    row("for (i, tag) in list.iter().enumerate() { let probe = tag; }", "&<Tag>");
    row("if let Some(x) = &self.maybe { let probe = x.name; }", "String");
    row("let Some(x) = self.maybe else { return }; let probe = x;", "std::sync::Arc<State>");
    row("match event() { Event::Put { key, tag } => { let probe = tag; } _ => {} }", "Tag");
    row("match event() { Event::Get(entry) => { let probe = entry.lock; } _ => {} }",
        "tokio::sync::Mutex<u8>");
    row("let (a, b) = (n, State::new()); let probe = b;", "State");
    row("let State { tags, .. } = State::new(); let probe = tags;", "Vec<Tag>");
    row("while let Some(x) = stack().pop() { let probe = x; }", "Tag");
    // Closures.
    row("list.iter().for_each(|tag| { let probe = tag; });", "&<Tag>");
    row("self.maybe.as_ref().map(|s| { let probe = s.count; });", "u64");
    row("let x = list.iter().map(|t| t.1); for s in x { let probe = s; }", "String");
    // Async.
    row("let probe = State::new().fetch().await?;", "Tag");
    row("let (tx, mut rx) = mpsc::channel::<Tag>(1); let probe = rx.recv().await.unwrap();", "Tag");
    row("let (tx, rx) = std::sync::mpsc::channel(); let probe = tx;", "std::sync::mpsc::Sender<?>");
    row("tokio::select! { Some(x) = stream(self.tx) => { let probe = x; } }", "?");
    row("let h = tokio::spawn(async { State::new() }); let probe = h.await.unwrap();", "State");
    // Statics and what is not known.
    row("let probe = LIMIT;", "u64");
    row("let probe = foreign(n);", "?");
    row("let probe = foreign(n).nothing;", "?");
}

void TypesTest::infersExpressions()
{
    QFETCH(QString, body);
    QFETCH(QString, type);
    const support::RustSource source(
        std::string(surroundings) + "fn event() -> Event { todo!() } fn stack() -> Vec<Tag> { todo!() }" +
        "impl Server { async fn run(&self, n: u64, list: &[Tag]) -> Result<(), Error> { " +
        body.toStdString() + " } }");
    Node value;
    for (const Node &let : source.root().descendants("let_declaration")) {
        if (let.field("pattern").text() == "probe")
            value = let.field("value");
    }
    QVERIFY(value);
    QCOMPARE(toText(source.model().infer(value, source.file())), type);
}

void TypesTest::knowsLockFamilies_data()
{
    QTest::addColumn<QString>("use");
    QTest::addColumn<QString>("type");
    QTest::addColumn<LockFamily>("family");
    const auto row = [](const char *use, const char *type, LockFamily family) {
        QTest::addRow("%s %s", use, type) << use << type << family;
    };
    row("std::sync::Mutex", "Mutex<u8>", LockFamily::Std);
    row("std::sync::*", "RwLock<u8>", LockFamily::Std);
    row("std::sync", "Arc<sync::RwLock<u8>>", LockFamily::Std);
    row("tokio::sync::Mutex as M", "M<u8>", LockFamily::Tokio);
    row("tokio::sync::Mutex as AsyncMutex", "AsyncMutex<u8>", LockFamily::Tokio);
    row("tokio::{sync::{RwLock, mpsc}, time}", "RwLock<u8>", LockFamily::Tokio);
    row("parking_lot::{self, Mutex}", "parking_lot::RwLock<u8>", LockFamily::ParkingLot);
    row("futures::lock::Mutex", "Mutex<u8>", LockFamily::FuturesLock);
    row("async_lock::RwLock", "RwLock<u8>", LockFamily::AsyncLock);
    row("spin::Mutex", "Mutex<u8>", LockFamily::Spin);
    row("std::cell::RefCell", "Rc<RefCell<u8>>", LockFamily::RefCell);
    row("foreign::Mutex", "Mutex<u8>", LockFamily::Unknown);
    row("std::fs::File", "File", LockFamily::None);
}

void TypesTest::knowsLockFamilies()
{
    QFETCH(QString, use);
    QFETCH(QString, type);
    QFETCH(LockFamily, family);
    const support::RustSource source("use " + use.toStdString() + "; fn probe(x: " + type.toStdString() +
                                     ") {}");
    const LockFamily found =
        lockFamily(source.model().typeOf(source.function("probe")->parameters.at(0).type, source.file()));
    QCOMPARE(found, family);
}

void TypesTest::followsReexports()
{
    const support::RustSource source(
        {{"src/db.rs", "use crate::sync::{Mutex, Lazy}; fn probe(x: Mutex<u8>) {}"},
         {"src/sync.rs", "pub use parking_lot::Mutex;"},
         {"src/lib.rs", "mod db; mod sync;"}});
    const Type type = source.model().typeOf(source.function("probe")->parameters.at(0).type, source.file());
    QCOMPARE(toText(type), QStringLiteral("parking_lot::Mutex<u8>"));
}

void TypesTest::readsGlobs()
{
    const support::RustSource source(
        {{"src/db/mod.rs", "use super::*; use crate::prelude::*; fn probe(x: Mutex<u8>, y: Map) {}"},
         {"src/lib.rs", "use std::sync::Mutex; mod db;"},
         {"src/prelude.rs", "pub use std::collections::HashMap as Map;"}});
    const auto &parameters = source.function("probe")->parameters;
    QCOMPARE(toText(source.model().typeOf(parameters.at(0).type, source.file())),
             QStringLiteral("std::sync::Mutex<u8>"));
    QCOMPARE(toText(source.model().typeOf(parameters.at(1).type, source.file())),
             QStringLiteral("std::collections::HashMap"));
}

void TypesTest::prefersTheNearerUse()
{
    const support::RustSource source(R"(use std::sync::Mutex;
        mod inner { use tokio::sync::Mutex; fn probe(x: Mutex<u8>) {} }
        fn local() { use parking_lot::Mutex; let probe: Mutex<u8> = f(); probe; }
        fn outer(x: Mutex<u8>) {})");
    const auto typeOf = [&](const Node &node) { return toText(source.model().typeOf(node, source.file())); };
    QCOMPARE(typeOf(source.function("probe")->parameters.at(0).type),
             QStringLiteral("tokio::sync::Mutex<u8>"));
    QCOMPARE(typeOf(source.function("outer")->parameters.at(0).type), QStringLiteral("std::sync::Mutex<u8>"));
    QCOMPARE(typeOf(source.root().descendants("let_declaration")[0].field("type")),
             QStringLiteral("parking_lot::Mutex<u8>"));
}

void TypesTest::saysWhenATypeIsAssumed()
{
    const support::RustSource source(
        "struct A { only_here: u8 } fn probe() { let x = unknown(); x.only_here; }");
    const Type type = source.model().infer(source.node("x.only_here", "field_expression"), source.file());
    QCOMPARE(toText(type), QStringLiteral("u8"));
    QVERIFY(type.assumed);
}

void TypesTest::peelsPointers()
{
    const support::RustSource source("use std::sync::{Arc, Mutex}; fn probe(x: &Arc<Box<Mutex<u8>>>) {}");
    const Type type = source.model().typeOf(source.function("probe")->parameters.at(0).type, source.file());
    QCOMPARE(toText(type.peeled()), QStringLiteral("std::sync::Mutex<u8>"));
    QCOMPARE(type.peeled().name(), std::string_view("Mutex"));
    QVERIFY(type.peeled().is("std::sync::Mutex"));
    QVERIFY(isAsyncLock(LockFamily::Tokio) && !isAsyncLock(LockFamily::Std));
}

QTEST_GUILESS_MAIN(TypesTest)
#include "types_test.moc"

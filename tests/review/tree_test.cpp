// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/calls.h"
#include "review/rust/grammar.h"
#include "review/rust/tree.h"
#include "tests/support/rust_source.h"

#include <QRegularExpression>
#include <QTest>

using namespace review::rust;

namespace {

/// Kinds of the named children of the re-parsed inside of the first macro.
std::string insideOfMacro(const Tree &tree)
{
    for (const Node node : tree.root().descendants()) {
        if (!node.is("macro_invocation"))
            continue;
        std::string kinds(node.children().back().kind());
        for (const Node &child : node.children().back().namedChildren())
            kinds += " " + std::string(child.kind());
        return kinds;
    }
    return {};
}

} // namespace

class TreeTest : public QObject {
    Q_OBJECT

private slots:
    void answersNothingForTheNullNode();
    void walksUpDownAndSideways();
    void findsFieldsAndTokens();
    void countsLinesOfNodes();
    void readsMacros_data();
    void readsMacros();
    void keepsPositionsInsideMacros_data();
    void keepsPositionsInsideMacros();
    void takesSelectApart();
    void takesCrossbeamsSelectApart();
    void readsMacrosInsideMacros();
    void readsPlainTokensAsTheParserWould_data();
    void readsPlainTokensAsTheParserWould();
    void givesEachNameOneNumber();
    void knowsWhatItsTextContains();
    void leavesMacroDefinitionsAlone();
    void parsesAroundErrors();
    void refusesWhatIsTooLargeOrTooDeep();
    void countsNoBracketsInText();
    void stopsWhenAsked();
    void survivesHostileTexts();
};

void TreeTest::answersNothingForTheNullNode()
{
    const Node null;
    QVERIFY(!null);
    QVERIFY(!null.parent().field("x").firstNamedChild());
    QVERIFY(null.text().empty() && null.kind().empty() && null.children().empty());
    QVERIFY(null.descendants().empty() && !null.is("") && !null.hasError());
    QVERIFY(!null.nextNamedSibling() && !null.previousNamedSibling() && !null.ancestor({"block"}));
}

void TreeTest::walksUpDownAndSideways()
{
    const support::RustSource source("fn a() { one(); /* c */ two(); }\n// note\n#[x]\nfn b() {}\n");
    const Node b = source.node("fn b() {}");
    QVERIFY(b);
    QCOMPARE(b.previousNamedSibling().text(), std::string_view("#[x]"));
    QVERIFY(b.previousNamedSibling().previousNamedSibling().is("line_comment"));
    const Node first = source.node("one();");
    QCOMPARE(first.nextNamedSibling().text(), std::string_view("two();"));
    QCOMPARE(first.nextNamedSibling().previousNamedSibling().text(), std::string_view("/* c */"));
    QCOMPARE(first.parent().namedChildren().size(), std::size_t(2));
    QCOMPARE(first.ancestor({"function_item"}).field("name").text(), std::string_view("a"));
    QVERIFY(first.isInside(source.root()) && !first.isInside(b) && first.isInside(first));
    QCOMPARE(source.root().descendants("call_expression").size(), std::size_t(2));
    const git::ByteRange call = source.node("two()").bytes();
    QCOMPARE(source.file().tree().nodeAt(call).text(), std::string_view("two()"));
}

void TreeTest::findsFieldsAndTokens()
{
    const support::RustSource source("fn f() { a.b(c) }");
    const Node call = source.node("a.b(c)");
    QCOMPARE(call.field("function").fieldName(), std::string_view("function"));
    QCOMPARE(call.field("arguments").text(), std::string_view("(c)"));
    QVERIFY(!call.field("nothing"));
    QCOMPARE(call.field("arguments").children().size(), std::size_t(3));
    QVERIFY(call.field("arguments").children()[0].is("("));
}

void TreeTest::countsLinesOfNodes()
{
    const support::RustSource source("fn f() {\r\n    a();\r\n}\r\n\r\nfn g() {}");
    QCOMPARE(source.node("a();").lines(), (git::LineRange{1, 2}));
    QCOMPARE(source.function("f")->node.lines(), (git::LineRange{0, 3}));
    QCOMPARE(source.function("g")->node.lines(), (git::LineRange{4, 5}));
}

void TreeTest::readsMacros_data()
{
    QTest::addColumn<QString>("macro");
    QTest::addColumn<QString>("inside");
    const auto row = [](const char *macro, const char *inside) { QTest::newRow(macro) << macro << inside; };
    row("vec![1, f(), 2]", "macro_arguments integer_literal call_expression integer_literal");
    row("vec![0u8; n + 1]", "macro_arguments integer_literal binary_expression");
    row("assert_eq!(a.b(), 3, \"{}\", x)",
        "macro_arguments call_expression integer_literal string_literal identifier");
    row("println!(\"{x}\", x = a.y)", "macro_arguments string_literal named_argument");
    row("info!(%peer, key = ?v, \"m {}\", a.b())",
        "macro_arguments identifier named_argument string_literal call_expression");
    row("error!(\"m\"; \"region\" => id, \"err\" => ?e)",
        "macro_arguments string_literal named_argument named_argument");
    row("warn!(target: \"a::b\", \"m\")", "macro_arguments named_argument string_literal");
    row("join!(a(), b.c(),)", "macro_arguments call_expression call_expression");
    row("matches!(x.y(), Some(1) | None if z)", "macro_arguments call_expression match_pattern");
    row("ensure!(a > b, Error::X { c })", "macro_arguments binary_expression struct_expression");
    row("todo!()", "macro_arguments");
    row("cfg_rt! { fn g() {} struct X; }", "block function_item struct_item");
    row("lazy_static! { static ref A: Mutex<u8> = Mutex::new(1); }", "declaration_list static_item");
    row("thread_local! { static A: Cell<u8> = const { Cell::new(1) }; }", "declaration_list static_item");
    row("json!({\"a\": 1})", "token_tree token_tree");
    row("quote! { fn #name() {} }", "token_tree identifier token_tree token_tree");
    row("run!(a b c)", "token_tree identifier identifier identifier");
}

void TreeTest::readsMacros()
{
    QFETCH(QString, macro);
    QFETCH(QString, inside);
    const auto tree = Tree::parse("fn f() { let _x = " + macro.toStdString() + "; }");
    QVERIFY(tree);
    QCOMPARE(QString::fromStdString(insideOfMacro(**tree)), inside);
}

void TreeTest::keepsPositionsInsideMacros_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("ascii") << QByteArray("fn f() { vec![inner.call(1)]; }");
    QTest::newRow("after umlauts") << QByteArray("fn f() { log!(\"äöü €\", inner.call(1)); }");
    QTest::newRow("crlf") << QByteArray("fn f() {\r\n  log!(\"a\",\r\n    inner.call(1));\r\n}\r\n");
    QTest::newRow("comment at the end") << QByteArray("fn f() { log!(inner.call(1) // é\n ); }");
    QTest::newRow("split") << QByteArray("fn f() { log!(target: \"é\", %x, k = inner.call(1)); }");
    QTest::newRow("nested") << QByteArray("fn f() { log!(\"é\", vec![\"ü\", inner.call(1)]); }");
    QTest::newRow("select") << QByteArray("fn f() { select! { Ok(é) = inner.call(1) => {} } }");
    QTest::newRow("matches") << QByteArray("fn f() { matches!(inner.call(1), Some(\"é\")) }");
    QTest::newRow("statements") << QByteArray("fn f() { cfg! { let é = 1; inner.call(1); } }");
}

void TreeTest::keepsPositionsInsideMacros()
{
    QFETCH(QByteArray, text);
    const support::RustSource source(text.toStdString());
    const Node call = source.node("inner.call(1)", "call_expression");
    QVERIFY(call);
    QCOMPARE(int(call.bytes().begin), int(text.indexOf("inner")));
    QCOMPARE(int(call.lines().begin), int(text.left(text.indexOf("inner")).count('\n')));
    QCOMPARE(call.field("function").field("field").text(), std::string_view("call"));
}

void TreeTest::takesSelectApart()
{
    const support::RustSource source(R"(async fn f() {
        tokio::select! {
            biased;
            _ = stop.recv(), if !done => { return; }
            Some(item) = stream.next() => handle(item).await,
            read = socket.read(&mut buffer) => { match read { Ok(0) => break, _ => {} } }
            else => finish(),
        }
    })");
    const std::vector<Node> arms = source.root().descendants("select_arm");
    QCOMPARE(arms.size(), std::size_t(4));
    QCOMPARE(arms[0].field("pattern").text(), std::string_view("_"));
    QCOMPARE(arms[0].field("future").text(), std::string_view("stop.recv()"));
    QCOMPARE(arms[0].field("condition").text(), std::string_view("!done"));
    QVERIFY(arms[0].field("handler").is("block"));
    QCOMPARE(arms[1].field("pattern").text(), std::string_view("Some(item)"));
    QVERIFY(arms[1].field("handler").is("await_expression"));
    QCOMPARE(arms[2].field("future").text(), std::string_view("socket.read(&mut buffer)"));
    QVERIFY(!arms[3].field("future") && !arms[3].field("pattern"));
    QCOMPARE(arms[3].field("handler").text(), std::string_view("finish()"));
}

void TreeTest::takesCrossbeamsSelectApart()
{
    const support::RustSource source(
        "fn f() { select! { recv(r) -> msg => use_it(msg), default(Duration::ZERO) => {} } }");
    const std::vector<Node> arms = source.root().descendants("select_arm");
    QCOMPARE(arms.size(), std::size_t(2));
    QCOMPARE(arms[0].field("future").text(), std::string_view("recv(r)"));
    QCOMPARE(arms[0].field("pattern").text(), std::string_view("msg"));
}

void TreeTest::readsMacrosInsideMacros()
{
    const support::RustSource source(
        "async fn f() { tokio::join!(async { info!(\"{}\", self.m.lock().await.len()) }, x()); }");
    QCOMPARE(source.root().descendants("await_expression").size(), std::size_t(1));
    QCOMPARE(macroName(source.root().descendants("macro_invocation")[0]), std::string_view("join"));
}

void TreeTest::readsPlainTokensAsTheParserWould_data()
{
    QTest::addColumn<QString>("list");
    for (const char *list :
         {"a", "a, b, 1,", "\"told {}\\n\", self, 'x'", "1.5, true, r#\"raw\"#, b\"bytes\"",
          "\"told\"; \"key\" => value, \"n\" => 7", "target: \"a::b\", x, key = value", "value; 3"})
        QTest::newRow(list) << list;
}

void TreeTest::readsPlainTokensAsTheParserWould()
{
    QFETCH(QString, list);
    // Where a comment stands among the tokens they are parsed.
    const auto nodesOf = [&](const char *comment) {
        QStringList nodes;
        const auto tree = Tree::parse("fn f() { m!(" + list.toStdString() + comment + "); }");
        for (const Node node : (*tree)->root().descendants()) {
            const auto begin = static_cast<int>(node.bytes().begin);
            // Not the bracket either, which the comment moves.
            if (!node.is("block_comment") && !node.parent().is("block_comment") && !node.is(")") &&
                begin > 11)
                nodes += QStringLiteral("%1 %2 at %3 in %4")
                             .arg(QString::fromStdString(std::string(node.kind())),
                                  QString::fromStdString(std::string(node.fieldName())))
                             .arg(begin)
                             .arg(QString::fromStdString(std::string(node.parent().kind())));
        }
        return nodes.filter(QRegularExpression(QStringLiteral("macro_arguments|named_argument|literal")));
    };
    QCOMPARE(nodesOf(""), nodesOf("/**/"));
    QVERIFY(!nodesOf("").isEmpty());
}

void TreeTest::givesEachNameOneNumber()
{
    for (const auto *names : {&grammar::kindNames(), &grammar::fieldNames()}) {
        std::vector<std::pair<SyntaxName, std::string_view>> seen;
        for (const std::string_view name : *names) {
            for (const auto &[number, other] : seen)
                QCOMPARE(number == SyntaxName(name), other == name);
            seen.emplace_back(name, name);
        }
    }
    QVERIFY(SyntaxName("call_expression") == SyntaxName(std::string("call_expression")));
}

void TreeTest::knowsWhatItsTextContains()
{
    const auto tree = Tree::parse("fn commit() { self.index.lock(); } // é");
    QVERIFY(tree);
    for (const char *part : {"", "f", "fn", "lock(", "fn commit() {", "self.index.lock(); } // é", "é"})
        QVERIFY2((*tree)->contains(part), part);
    for (const char *part : {"q", "unlock(", "index.commit()", "lock(); } // éé", "FN COMMIT"})
        QVERIFY2(!(*tree)->contains(part), part);
}

void TreeTest::leavesMacroDefinitionsAlone()
{
    const support::RustSource source("macro_rules! m { ($x:expr) => { foo!($x, a.b()) }; }");
    QVERIFY(source.root().descendants("call_expression").empty());
}

void TreeTest::parsesAroundErrors()
{
    const support::RustSource source("fn a() { let x = ; }\nfn b() { c(); }\n");
    QVERIFY(source.root().hasError());
    QVERIFY(!source.file().tree().errors().empty());
    QCOMPARE(source.file().tree().errors().front().begin, std::uint32_t(0));
    QVERIFY(source.node("c();") && !source.node("c();").hasError());
}

void TreeTest::refusesWhatIsTooLargeOrTooDeep()
{
    const auto messageOf = [](std::string text) {
        const auto tree = Tree::parse(std::move(text));
        return tree ? std::string() : tree.error().message;
    };
    QVERIFY(messageOf(std::string(3 * 1024 * 1024, ' ')).find("2 MiB") != std::string::npos);
    QVERIFY(messageOf(std::string(70'000, '\n')).find("60,000 lines") != std::string::npos);
    QVERIFY(messageOf(std::string(200'000, ' ')).find("128 KiB") != std::string::npos);
    QVERIFY(messageOf(std::string(2'000, '(')).find("1,000 brackets") != std::string::npos);
    std::string chain = "fn f() { x";
    for (int i = 0; i < 6'000; ++i)
        chain += ".y()";
    QVERIFY(messageOf(chain + " }").find("4,000 levels") != std::string::npos);
    QCOMPARE(messageOf("fn f() {}"), std::string());
    QCOMPARE(messageOf(""), std::string());
}

void TreeTest::countsNoBracketsInText()
{
    const std::string many(3'000, '(');
    const std::string text = "fn f() { a(\"" + many + "\", r#\"" + many + "\"#, '(', b'(', '\\''); /* " +
                             many + " */ }\n// " + many + "\nfn g<'a>(x: &'a str) {}\n";
    QVERIFY(Tree::parse(text));
}

void TreeTest::stopsWhenAsked()
{
    std::stop_source stop;
    stop.request_stop();
    const auto tree = Tree::parse("fn f() {}", stop.get_token());
    QVERIFY(!tree);
    QCOMPARE(tree.error().kind, git::ErrorKind::Cancelled);
}

void TreeTest::survivesHostileTexts()
{
    const auto repeated = [](const char *part, int count) {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += part;
        return text;
    };
    const std::vector<std::string> texts{repeated("(", 66'000),
                                         repeated("{[(", 30'000),
                                         repeated("&|a|", 20'000),
                                         repeated("m!(", 900),
                                         repeated("\"", 9'999),
                                         repeated("select!{a=b=>", 300),
                                         repeated("if let Some(x) = ", 2'000),
                                         repeated("\xff\xfe\x80", 1'000),
                                         std::string("fn f() { x!(\0); }", 17),
                                         repeated("x!(a,b);", 5'000),
                                         repeated("'a ", 5'000),
                                         repeated("r#", 5'000),
                                         repeated("//", 10'000),
                                         repeated("/*", 10'000),
                                         repeated("#[a]", 5'000),
                                         "fn",
                                         "fn f(",
                                         "}",
                                         "matches!(",
                                         "\xef\xbb\xbf"
                                         "fn f() {}"};
    for (const std::string &text : texts) {
        const auto tree = Tree::parse(text);
        if (!tree) {
            QVERIFY(!tree.error().message.empty());
            continue;
        }
        for (const Node node : (*tree)->root().descendants())
            QVERIFY(node.bytes().begin <= node.bytes().end && node.bytes().end <= text.size());
    }
}

QTEST_GUILESS_MAIN(TreeTest)
#include "tree_test.moc"

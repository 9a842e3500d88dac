// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/inference.h"

#include <algorithm>

namespace review::rust {
namespace {

/// A row of the table. `types` and `methods` are names with a space around each; a type with `::` is a full
/// path. `result` is a type where $0 and $1 stand for the receiver's arguments, $s for the receiver, and *$0
/// for what a reference in $0 stands for.
struct Row {
    std::string_view types;
    std::string_view methods;
    std::string_view result;
};

constexpr std::string_view sequences = " Vec [] VecDeque SmallVec ArrayVec LinkedList BinaryHeap Slab ";
constexpr std::string_view maps = " HashMap BTreeMap IndexMap FxHashMap AHashMap FnvHashMap ";
constexpr std::string_view sets = " HashSet BTreeSet IndexSet FxHashSet AHashSet ";

constexpr Row rows[] = {
    {" Option ", " unwrap expect unwrap_or unwrap_or_else unwrap_or_default unwrap_unchecked ", "$0"},
    {" Option ", " as_ref as_deref iter ", "Option<&$0>"},
    {" Option ", " as_mut as_deref_mut ", "Option<&mut $0>"},
    {" Option ", " take filter or or_else replace insert_if_none ", "Option<$0>"},
    {" Option ", " cloned copied ", "Option<*$0>"},
    {" Option ", " ok_or ok_or_else ", "Result<$0>"},
    {" Option ", " get_or_insert_with get_or_insert insert ", "&mut $0"},
    {" Result LockResult ", " unwrap expect unwrap_or unwrap_or_else unwrap_or_default unwrap_unchecked ",
     "$0"},
    {" Result ", " ok ", "Option<$0>"},
    {" Result ", " err ", "Option<$1>"},
    {" Result ", " unwrap_err expect_err ", "$1"},
    {" Result ", " map_err or_else inspect_err ", "Result<$0>"},
    {" Result ", " as_ref as_deref ", "Result<&$0>"},
    {" Result ", " as_mut ", "Result<&mut $0>"},
    {sequences, " get first last front back peek ", "Option<&$0>"},
    {sequences, " get_mut first_mut last_mut front_mut back_mut ", "Option<&mut $0>"},
    {sequences, " iter ", "Iterator<&$0>"},
    {sequences, " iter_mut ", "Iterator<&mut $0>"},
    {sequences, " into_iter drain into_vec into_sorted_vec ", "Iterator<$0>"},
    {sequences, " pop pop_front pop_back ", "Option<$0>"},
    {" Vec SmallVec ", " remove swap_remove ", "$0"},
    {" VecDeque ", " remove ", "Option<$0>"},
    {sequences, " chunks windows chunks_exact ", "Iterator<&[]<$0>>"},
    {sequences, " to_vec split_off into_boxed_slice as_slice as_mut_slice ", "Vec<$0>"},
    {maps, " get ", "Option<&$1>"},
    {maps, " get_mut ", "Option<&mut $1>"},
    {maps, " remove insert ", "Option<$1>"},
    {maps, " iter ", "Iterator<(&$0,&$1)>"},
    {maps, " iter_mut ", "Iterator<(&$0,&mut $1)>"},
    {maps, " into_iter drain ", "Iterator<($0,$1)>"},
    {maps, " range ", "Iterator<(&$0,&$1)>"},
    {maps, " values ", "Iterator<&$1>"},
    {maps, " values_mut ", "Iterator<&mut $1>"},
    {maps, " into_values ", "Iterator<$1>"},
    {maps, " keys ", "Iterator<&$0>"},
    {maps, " into_keys ", "Iterator<$0>"},
    {maps, " entry ", "Entry<$0,$1>"},
    {" Entry ", " or_insert or_insert_with or_default or_insert_with_key ", "&mut $1"},
    {" Entry ", " and_modify ", "Entry<$0,$1>"},
    {" DashMap ", " get ", "Option<dashmap::mapref::one::Ref<$0,$1>>"},
    {" DashMap ", " get_mut ", "Option<dashmap::mapref::one::RefMut<$0,$1>>"},
    {" DashMap ", " entry ", "dashmap::mapref::entry::Entry<$0,$1>"},
    {" DashMap ", " iter iter_mut ", "Iterator<dashmap::mapref::multiple::RefMulti<$0,$1>>"},
    {" DashMap ", " remove ", "Option<($0,$1)>"},
    {" dashmap::mapref::one::Ref dashmap::mapref::one::RefMut dashmap::mapref::multiple::RefMulti ",
     " value ", "&$1"},
    {sets, " iter ", "Iterator<&$0>"},
    {sets, " into_iter drain ", "Iterator<$0>"},
    {sets, " get first last ", "Option<&$0>"},
    {sets, " take pop_first pop_last ", "Option<$0>"},
    {" Iterator ",
     " filter skip take rev chain peekable inspect skip_while take_while step_by fuse into_iter iter by_ref ",
     "Iterator<$0>"},
    {" Iterator ", " enumerate ", "Iterator<(usize,$0)>"},
    {" Iterator ", " cloned copied ", "Iterator<*$0>"},
    {" Iterator ", " next last nth find max_by_key min_by_key max min next_back peek max_by min_by ",
     "Option<$0>"},
    {" Weak ", " upgrade ", "Option<Arc<$0>>"},
    {" Mutex RwLock RefCell ", " into_inner ", "Result<$0>"},
    {" Mutex RwLock ", " get_mut ", "Result<&mut $0>"},
    {" RefCell Cell OnceCell OnceLock ", " get_mut ", "&mut $0"},
    {" Cell ", " get take replace ", "$0"},
    {" OnceCell OnceLock ", " get ", "Option<&$0>"},
    {" OnceCell OnceLock ", " get_or_init ", "&$0"},
    {" ArcSwap ", " load ", "arc_swap::Guard<Arc<$0>>"},
    {" ArcSwap ", " load_full swap ", "Arc<$0>"},
    {" std::sync::mpsc::Receiver crossbeam_channel::Receiver crossbeam::channel::Receiver flume::Receiver ",
     " recv recv_timeout try_recv recv_deadline ", "Result<$0>"},
    {" std::sync::mpsc::Receiver crossbeam_channel::Receiver crossbeam::channel::Receiver ",
     " iter try_iter into_iter ", "Iterator<$0>"},
    {" tokio::sync::mpsc::Receiver tokio::sync::mpsc::UnboundedReceiver ", " recv ",
     "std::future::Future<Option<$0>>"},
    {" tokio::sync::mpsc::Receiver tokio::sync::mpsc::UnboundedReceiver ", " blocking_recv ", "Option<$0>"},
    {" tokio::sync::mpsc::Receiver tokio::sync::mpsc::UnboundedReceiver tokio::sync::broadcast::Receiver ",
     " try_recv ", "Result<$0>"},
    {" tokio::sync::broadcast::Receiver ", " recv ", "std::future::Future<Result<$0>>"},
    {" tokio::sync::broadcast::Sender ", " subscribe ", "tokio::sync::broadcast::Receiver<$0>"},
    {" tokio::sync::watch::Sender ", " subscribe ", "tokio::sync::watch::Receiver<$0>"},
    {" tokio::sync::watch::Receiver tokio::sync::watch::Sender ", " borrow borrow_and_update ",
     "tokio::sync::watch::Ref<$0>"},
    {" tokio::sync::Semaphore ", " acquire ", "std::future::Future<Result<tokio::sync::SemaphorePermit>>"},
    {" tokio::sync::Semaphore ", " acquire_owned ",
     "std::future::Future<Result<tokio::sync::OwnedSemaphorePermit>>"},
    {" std::thread::JoinHandle std::thread::ScopedJoinHandle ", " join ", "Result<$0>"},
    {" std::io::Stdin std::io::Stdout std::io::Stderr ", " lock ", "std::io::StdioLock"},
    {" TransactionDB OptimisticTransactionDB ", " transaction transaction_opt ", "rocksdb::Transaction"},
    {" DB DBWithThreadMode DBCommon ", " raw_iterator raw_iterator_opt raw_iterator_cf ",
     "rocksdb::DBRawIterator"},
};

constexpr Row functions[] = {
    {" std::sync::mpsc::channel ", "", "(std::sync::mpsc::Sender<$0>,std::sync::mpsc::Receiver<$0>)"},
    {" std::sync::mpsc::sync_channel ", "",
     "(std::sync::mpsc::SyncSender<$0>,std::sync::mpsc::Receiver<$0>)"},
    {" tokio::sync::mpsc::channel ", "", "(tokio::sync::mpsc::Sender<$0>,tokio::sync::mpsc::Receiver<$0>)"},
    {" tokio::sync::mpsc::unbounded_channel ", "",
     "(tokio::sync::mpsc::UnboundedSender<$0>,tokio::sync::mpsc::UnboundedReceiver<$0>)"},
    {" tokio::sync::oneshot::channel ", "",
     "(tokio::sync::oneshot::Sender<$0>,tokio::sync::oneshot::Receiver<$0>)"},
    {" tokio::sync::broadcast::channel ", "",
     "(tokio::sync::broadcast::Sender<$0>,tokio::sync::broadcast::Receiver<$0>)"},
    {" tokio::sync::watch::channel ", "",
     "(tokio::sync::watch::Sender<$0>,tokio::sync::watch::Receiver<$0>)"},
    {" crossbeam_channel::bounded crossbeam_channel::unbounded ", "",
     "(crossbeam_channel::Sender<$0>,crossbeam_channel::Receiver<$0>)"},
    {" crossbeam::channel::bounded crossbeam::channel::unbounded ", "",
     "(crossbeam::channel::Sender<$0>,crossbeam::channel::Receiver<$0>)"},
    {" flume::bounded flume::unbounded ", "", "(flume::Sender<$0>,flume::Receiver<$0>)"},
    {" futures::channel::mpsc::channel ", "",
     "(futures::channel::mpsc::Sender<$0>,futures::channel::mpsc::Receiver<$0>)"},
    {" futures::channel::mpsc::unbounded ", "",
     "(futures::channel::mpsc::UnboundedSender<$0>,futures::channel::mpsc::UnboundedReceiver<$0>)"},
    {" futures::channel::oneshot::channel ", "",
     "(futures::channel::oneshot::Sender<$0>,futures::channel::oneshot::Receiver<$0>)"},
    {" std::mem::take std::mem::replace ", "", "*$0"},
    {" std::io::stdin ", "", "std::io::Stdin"},
    {" std::io::stdout ", "", "std::io::Stdout"},
    {" std::io::stderr ", "", "std::io::Stderr"},
    {" tokio::io::stdin ", "", "tokio::io::Stdin"},
    {" std::thread::current ", "", "std::thread::Thread"},
};

/// A reader of the table's types.
class ResultReader {
public:
    ResultReader(std::string_view text, const Type &receiver) : m_text(text), m_receiver(receiver) {}

    Type read()
    {
        Type type;
        if (skip("&mut ")) {
            type.path = "&mut";
            type.args.push_back(read());
        } else if (skip("&")) {
            type.path = "&";
            type.args.push_back(read());
        } else if (skip("*")) {
            type = read();
            if (type.path == "&" || type.path == "&mut")
                type = Type(type.args.front());
        } else if (skip("$s")) {
            type = m_receiver;
        } else if (skip("$0")) {
            type = argument(0);
        } else if (skip("$1")) {
            type = argument(1);
        } else if (skip("(")) {
            type.path = "()";
            list(type, ')');
        } else {
            const std::size_t end = std::min(m_text.find_first_of("<>,)", m_at), m_text.size());
            type.path = m_text.substr(m_at, end - m_at);
            m_at = end;
            if (skip("<"))
                list(type, '>');
        }
        return type;
    }

private:
    bool skip(std::string_view word)
    {
        const bool there = m_text.substr(m_at).starts_with(word);
        m_at += there ? word.size() : 0;
        return there;
    }
    void list(Type &type, char close)
    {
        while (m_at < m_text.size() && m_text[m_at] != close) {
            type.args.push_back(read());
            skip(",");
        }
        ++m_at;
    }
    Type argument(std::size_t index) const
    {
        return index < m_receiver.args.size() ? m_receiver.args[index] : Type();
    }

    std::string_view m_text;
    const Type &m_receiver;
    std::size_t m_at = 0;
};

bool holds(std::string_view words, std::string_view word)
{
    for (std::size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
        if (at > 0 && words[at - 1] == ' ' && at + word.size() < words.size() &&
            words[at + word.size()] == ' ')
            return true;
    }
    return false;
}

} // namespace

std::optional<Type> wellKnownMethod(const Type &receiver, std::string_view method)
{
    if (!receiver.known() || method.empty())
        return std::nullopt;
    for (const Row &row : rows) {
        if (holds(row.methods, method) &&
            (holds(row.types, receiver.name()) || holds(row.types, receiver.path)))
            return ResultReader(row.result, receiver).read();
    }
    return std::nullopt;
}

std::optional<Type> wellKnownFunction(std::string_view path, const Type &argument)
{
    for (const Row &row : functions) {
        if (holds(row.types, path))
            return ResultReader(row.result, Type{"", {argument}, false}).read();
    }
    return std::nullopt;
}

} // namespace review::rust

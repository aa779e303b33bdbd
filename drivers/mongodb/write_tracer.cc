// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/write_tracer.h"

#include <bson/bson.h>
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <iterator>
#include <optional>

#include "drivers/mongodb/bson_writer.h"
#include "harness/base/text_hash.h"

namespace mbench::mongodb {
namespace {

std::string_view Bytes(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

std::uint64_t HashInteger(std::int64_t number, std::uint64_t hash) {
  return HashText(Bytes(&number, sizeof number), hash);
}

// Of the value as the server compares it: whole numbers are the same in all their types.
std::uint64_t HashValue(const bson_iter_t& at, std::uint64_t hash) {
  if (BSON_ITER_HOLDS_UTF8(&at)) {
    std::uint32_t size = 0;
    const char* const text = bson_iter_utf8(&at, &size);
    return HashText(Bytes(text, size), hash);
  }
  if (BSON_ITER_HOLDS_OID(&at)) return HashText(Bytes(bson_iter_oid(&at), 12), hash);
  if (BSON_ITER_HOLDS_DOUBLE(&at) && bson_iter_double(&at) != std::trunc(bson_iter_double(&at)))
    return HashInteger(std::bit_cast<std::int64_t>(bson_iter_double(&at)), hash);
  if (BSON_ITER_HOLDS_NUMBER(&at)) return HashInteger(bson_iter_as_int64(&at), hash);
  if (BSON_ITER_HOLDS_DATE_TIME(&at)) return HashInteger(bson_iter_date_time(&at), ~hash);
  bson_t value = BSON_INITIALIZER;
  bson_append_iter(&value, "", 0, &at);
  hash = HashText(Bytes(bson_get_data(&value), value.len), hash);
  bson_destroy(&value);
  return hash;
}

std::optional<std::uint64_t> HashOf(std::string_view bson, const char* path, std::uint64_t seed) {
  const BsonView view(bson);
  bson_iter_t at, found;
  if (!view.Valid() || !bson_iter_init(&at, view.get())) return std::nullopt;
  if (!bson_iter_find_descendant(&at, path, &found)) return std::nullopt;
  return HashValue(found, seed);
}

void TellLedger(EventLedger* ledger, std::uint64_t number, Outcome outcome, Ticks now) {
  if (outcome == Outcome::kOk) {
    ledger->Acknowledge(number, now);
  } else {
    ledger->Abandon(number);
  }
}

}  // namespace

std::uint64_t WriteTracer::Begin(const Tracing& tracing, std::uint16_t statement, bool deletes) {
  const bool logged = tracing.logged && log_ != nullptr;
  names_last_ = logged;
  if (tracing.ledger == nullptr && !logged) return 0;
  std::uint64_t number = 0;
  if (tracing.ledger != nullptr) {
    number = tracing.ledger->Begin(statement);
  } else if (!deletes) {
    number = log_->NewNumber();
  }
  open_.push_back({.ledger = tracing.ledger,
                   .logged = logged,
                   .collection = tracing.collection,
                   .document = 0,
                   .number = number,
                   .started = Clock::Now()});
  return number;
}

WriteTracer::Values WriteTracer::Begin(const Action& action, std::uint16_t statement, bool deletes,
                                       Values values) {
  names_last_ = false;
  if (!action.numbered) return values;
  number_.clear();
  fmt::format_to(std::back_inserter(number_), "{}", Begin(action.tracing, statement, deletes));
  values_.assign(values.begin(), values.end());
  values_.push_back(number_);
  return values_;
}

void WriteTracer::Name(std::string_view bson, const char* path) {
  if (!names_last_) return;
  OpenWrite& open = open_.back();
  const auto hash = HashOf(bson, path, open.collection);
  open.document =
      hash ? *hash : HashInteger(static_cast<std::int64_t>(open.number), open.collection);
}

void WriteTracer::Settle(Outcome outcome, std::size_t first) {
  if (open_.size() <= first) return;
  const Ticks now = Clock::Now();
  for (OpenWrite& open : std::span(open_).subspan(first)) {
    if (open.ledger != nullptr) TellLedger(open.ledger, open.number, outcome, now);
    if (!open.logged || outcome == Outcome::kNotFound) continue;
    if (!LedgerEntry::Fits(open.started, now)) {
      lane_->AddUnfit();
      continue;
    }
    const LedgerKind kind =
        outcome == Outcome::kOk ? LedgerKind::kAcknowledged : LedgerKind::kInDoubt;
    lane_->Add(MakeWrite(open.document, open.number, kind, open.started, now));
  }
  open_.resize(first);
}

}  // namespace mbench::mongodb

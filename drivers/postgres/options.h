// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "drivers/driver.h"
#include "harness/base/options.h"

namespace mbench::postgres {

inline constexpr auto kUrls =
    std::to_array<UrlForm>({{.scheme = "postgres"}, {.scheme = "postgresql"}});

inline constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kText,
     .fallback = "",
     .help = "postgres://user@host:5432/database, with any parameter of libpq behind a ?; several: "
             "postgres://user@one,two/database?target_session_attrs=read-write; a socket: "
             "postgres://user@/database?host=/run/postgresql"},
    {.name = "hosts.primary",
     .type = OptionType::kText,
     .fallback = "",
     .help = "the url again, where there are replicas"},
    {.name = "hosts.replica",
     .type = OptionType::kText,
     .fallback = "",
     .help = "url of a server that only reads; several with commas between them, used in turn"},
    {.name = "password",
     .type = OptionType::kText,
     .fallback = "",
     .help = "of the user, on all hosts; empty: that of the url, of PGPASSWORD or of ~/.pgpass",
     .secret = true},
    {.name = "table",
     .type = OptionType::kText,
     .fallback = "mbench",
     .help = "table of the verbs, with its schema or without; made when it is not there"},
    {.name = "columns",
     .type = OptionType::kChoice,
     .fallback = "text",
     .help = "type of the key and the fields of that table; bytea takes any bytes",
     .choices = "text|bytea"},
    {.name = "reads",
     .type = OptionType::kChoice,
     .fallback = "primary",
     .help = "where the verbs read and scan go",
     .choices = "primary|replica"},
    PipelineOption("ops in flight on one connection at most"),
    {.name = "sync",
     .type = OptionType::kChoice,
     .fallback = "op",
     .help =
         "op: each op is a transaction; batch: all that leave together on a connection are one, "
         "which costs the server less, and an error of one of them fails the others",
     .choices = "op|batch"},
    {.name = "copy",
     .type = OptionType::kFlag,
     .fallback = "true",
     .help = "whether the load phase writes by COPY; false: by inserts, many in a batch"},
    {.name = "prepare",
     .type = OptionType::kChoice,
     .fallback = "named",
     .help =
         "named: each text once on a connection; unnamed: with each op, for poolers that change the "
         "connection between transactions; simple: one query with the values as literals in it",
     .choices = "named|unnamed|simple"},
    {.name = "binary",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "whether statements ask for results in binary format"},
    {.name = "sslmode",
     .type = OptionType::kChoice,
     .fallback = "",
     .help =
         "as libpq has it; empty: that of the url, or prefer. Only verify-full checks everything",
     .choices = "disable|allow|prefer|require|verify-ca|verify-full"},
    {.name = "sslrootcert",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the certificates to trust (PEM)"},
    {.name = "sslcert",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with our own certificate (PEM), where the server asks for one"},
    {.name = "sslkey",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the key of sslcert (PEM)"},
});

// What is wrong with options that are right one by one.
std::vector<OptionMistake> CheckOptions(const OptionValues& options);

}  // namespace mbench::postgres

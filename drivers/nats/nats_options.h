// SPDX-License-Identifier: Apache-2.0
//
// Where a NATS server is and who asks: options, what can be wrong with them, and what to do when
// nobody gets in.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "drivers/common/endpoint.h"
#include "drivers/common/tls.h"
#include "drivers/url_form.h"
#include "harness/base/options.h"

namespace mbench::nats {

inline constexpr auto kUrls = std::to_array<UrlForm>({
    {.scheme = "nats", .option = "url", .statement = "produce: <path>, value: \"{value}\""},
});

inline constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "nats://127.0.0.1:4222",
     .help = "where the server listens for clients: nats://host:port, or tls:// for TLS",
     .choices = "nats|tls"},
    {.name = "user", .fallback = "", .help = "user name; empty: that of the URL, or none"},
    {.name = "password", .fallback = "", .help = "password, as ${VAR}", .secret = true},
    {.name = "token",
     .fallback = "",
     .help = "of a server that wants one instead of a user, as ${VAR}",
     .secret = true},
    {.name = "monitor",
     .type = OptionType::kUrl,
     .fallback = "",
     .help = "the server's port for monitoring, http://host:8222; empty: nothing is asked there",
     .choices = "http|https"},
    PipelineOption("messages in flight on one connection at most"),
}));

std::vector<OptionMistake> CheckOptions(const OptionValues& options);

// Why there is no connection, with what to do where that is clear.
std::string Explain(const std::string& why);

}  // namespace mbench::nats

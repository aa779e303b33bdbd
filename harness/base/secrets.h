// SPDX-License-Identifier: Apache-2.0
//
// Keeps passwords out of whatever is shown or stored.
//
// The workload reader collects the secrets of a run (RunPlan::secrets); everything that goes to a
// terminal, a log or a result and may carry one (a command line, an error message of a client
// library) passes through Redact first.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// `text` with every secret as ***, also where it stands percent-encoded, as in a URI. A secret of
// less than four characters is only replaced where it stands as a word of its own, or half of the
// text would be stars.
std::string Redact(std::string_view text, std::span<const std::string> secrets);

// Whether a value of that name should be kept out of sight: PGPASSWORD, api_key, authToken, cookie;
// not keys.theta, key_prefix, authSource or password_file.
bool LooksSecret(std::string_view name);

// The password in "scheme://user:password@host/..."; empty: there is none.
std::string_view PasswordInUri(std::string_view uri);

// The first value in the query of a URL, or of a request such as "GET /x?token=y", whose name looks
// secret, as it is written; empty: there is none.
std::string_view SecretInQuery(std::string_view text);

}  // namespace mbench

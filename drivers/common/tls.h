// SPDX-License-Identifier: Apache-2.0
//
// TLS for drivers that speak over a socket of their own: options, and a context made of them once.
// Certificates are verified unless somebody says otherwise.
#pragma once

#include <openssl/types.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/options.h"
#include "harness/base/result.h"

namespace mbench {

// To be appended to the options of a driver (WithTlsOptions).
inline constexpr std::array<OptionSpec, 5> kTlsOptions = {{
    {.name = "tls_ca",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the certificates to trust (PEM); empty: those of this system"},
    {.name = "tls_verify",
     .type = OptionType::kFlag,
     .fallback = "true",
     .help = "whether the server must show a certificate of its name that is trusted"},
    {.name = "tls_name",
     .type = OptionType::kText,
     .fallback = "",
     .help = "the name the certificate must have; empty: the host of the URL"},
    {.name = "tls_cert",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with our own certificate (PEM), where the server asks for one"},
    {.name = "tls_key",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the key of tls_cert (PEM)"},
}};

template <std::size_t N>
constexpr std::array<OptionSpec, N + kTlsOptions.size()> WithTlsOptions(
    const std::array<OptionSpec, N>& own) {
  std::array<OptionSpec, N + kTlsOptions.size()> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = own[i];
  for (std::size_t i = 0; i < kTlsOptions.size(); ++i) all[N + i] = kTlsOptions[i];
  return all;
}

// Thread: any, once made.
class TlsContext {
 public:
  // `protocols`: for ALPN, the first wanted most ({"h2"}); empty: none. Fails with kUsage on files
  // that cannot be read or do not fit together.
  static Result<std::shared_ptr<TlsContext>> Make(const OptionValues& options,
                                                  const std::vector<std::string>& protocols = {});

  // A client's end for `fd`, which expects the certificate of `host`. Never null.
  std::unique_ptr<SSL, void (*)(SSL*)> NewConnection(int fd, const std::string& host) const;

 private:
  TlsContext() = default;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{nullptr, nullptr};
  std::string name_;
  bool verify_ = true;
};

// Why the last call on `ssl` failed, as a class: "certificate not trusted (self-signed certificate
// in certificate chain)", "TLS handshake failed (wrong version number)". Empties the error queue.
std::string TlsErrorName(const SSL* ssl);

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "drivers/common/address.h"
#include "harness/base/check.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

std::string LastReason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "connection closed" : reason;
}

Status LoadTrust(SSL_CTX* context, const std::string& ca) {
  const bool loaded = ca.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                 : SSL_CTX_load_verify_file(context, ca.c_str()) == 1;
  if (loaded) return {};
  return BadConfig("tls_ca {}: {}; expected a readable file of PEM certificates", Quote(ca),
                   LastReason());
}

Status LoadOwn(SSL_CTX* context, const std::string& certificate, const std::string& key) {
  if (certificate.empty() && key.empty()) return {};
  if (certificate.empty() || key.empty()) {
    return BadConfig("tls_cert and tls_key go together; {} is missing",
                     certificate.empty() ? "tls_cert" : "tls_key");
  }
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
    return BadConfig("tls_cert {}: {}", Quote(certificate), LastReason());
  }
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return BadConfig("tls_key {}: {}; expected the key of tls_cert", Quote(key), LastReason());
  }
  return {};
}

// Length, name, length, name ...: the wire format of ALPN (RFC 7301).
std::string AlpnOf(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& protocol : protocols) {
    wire += static_cast<char>(protocol.size());
    wire += protocol;
  }
  return wire;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::Make(const OptionValues& options,
                                                     const std::vector<std::string>& protocols) {
  std::shared_ptr<TlsContext> made(new TlsContext);
  made->context_ = {SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  made->name_ = options.Text("tls_name");
  made->verify_ = options.Flag("tls_verify");
  SSL_CTX* context = made->context_.get();
  MB_CHECK(context != nullptr, "SSL_CTX_new: {}", LastReason());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A connection that waits keeps no buffers (34 KiB each otherwise); a server that goes away
  // without a goodbye is an end of file like on any socket.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_verify(context, made->verify_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (Status trusted = LoadTrust(context, options.Text("tls_ca")); !trusted) return Failed(trusted);
  if (Status own = LoadOwn(context, options.Text("tls_cert"), options.Text("tls_key")); !own) {
    return Failed(own);
  }
  const std::string alpn = AlpnOf(protocols);
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
  return made;
}

std::unique_ptr<SSL, void (*)(SSL*)> TlsContext::NewConnection(int fd,
                                                               const std::string& host) const {
  std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context_.get()), SSL_free);
  MB_CHECK(ssl != nullptr && SSL_set_fd(ssl.get(), fd) == 1, "SSL_new: {}", LastReason());
  const std::string& name = name_.empty() ? host : name_;
  if (IsNumeric(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), name.c_str());
  } else if (!name.empty()) {
    // What the macro SSL_set_tlsext_host_name does, without its C cast.
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(name.c_str()));
    SSL_set1_host(ssl.get(), name.c_str());
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::string TlsErrorName(const SSL* ssl) {
  const long verify = SSL_get_verify_result(ssl);
  const std::string reason = LastReason();
  if (verify != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) {
    return fmt::format("certificate not trusted ({})", X509_verify_cert_error_string(verify));
  }
  return fmt::format("TLS failed ({})", reason);
}

}  // namespace mbench

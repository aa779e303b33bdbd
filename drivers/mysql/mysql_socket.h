// SPDX-License-Identifier: Apache-2.0
//
// Keeps libmariadb from reading a socket that has nothing.
//
// It tries to read before it waits, also right behind a request whose reply cannot be there yet:
// one call of the kernel in three for nothing. So its function that reads is replaced by one that
// says "would block" by itself until epoll has said that there is something. A connection with TLS
// reads by OpenSSL and is not concerned.
#pragma once

#include <mariadb/mysql.h>
// Needs the one above.
#include <mariadb/ma_pvio.h>

#include <cstddef>

namespace mbench::mysql {

// Thread: one. Stays where it is while the connection stands.
class Socket {
 public:
  // REQUIRES: `mysql` is connected.
  void Guard(MYSQL* mysql);
  // Bytes have come, or the end has.
  void Readable(bool hung_up);

 private:
  static ssize_t Read(MARIADB_PVIO* pvio, uchar* into, std::size_t size);

  PVIO_METHODS methods_ = {};  // the first member: libmariadb's pointer to it leads back to us
  const PVIO_METHODS* original_ = nullptr;
  bool readable_ = true;  // epoll tells once: until a read has emptied it
  bool hung_up_ = false;  // then only a read that fails has seen the end
};

}  // namespace mbench::mysql

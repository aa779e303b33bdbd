// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_socket.h"

#include <cerrno>
#include <type_traits>

namespace mbench::mysql {

void Socket::Guard(MYSQL* mysql) {
  static_assert(std::is_standard_layout_v<Socket>);  // Read relies on it
  MARIADB_PVIO* pvio = mysql->net.pvio;
  original_ = pvio->methods;
  methods_ = *original_;
  methods_.async_read = Read;
  readable_ = true;
  hung_up_ = false;
  pvio->methods = &methods_;
}

void Socket::Readable(bool hung_up) {
  readable_ = true;
  hung_up_ = hung_up_ || hung_up;
}

ssize_t Socket::Read(MARIADB_PVIO* pvio, uchar* into, std::size_t size) {
  auto* self = reinterpret_cast<Socket*>(pvio->methods);
  if (!self->readable_) {
    errno = EAGAIN;
    return -1;
  }
  const ssize_t count = self->original_->async_read(pvio, into, size);
  const bool emptied = count < static_cast<ssize_t>(size);
  if (emptied && !self->hung_up_) self->readable_ = false;
  return count;
}

}  // namespace mbench::mysql

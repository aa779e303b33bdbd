# SPDX-License-Identifier: Apache-2.0
#
# cmake -DTO=page_assets.cc -DkPageCss=FILE ... -P embed.cmake: the files as constants of
# page_assets.h, byte by byte, whatever is in them.
set(text "// SPDX-License-Identifier: Apache-2.0\n// Written by embed.cmake.\n")
string(APPEND text "#include \"reports/html/page_assets.h\"\n\nnamespace mbench {\n")
foreach(name kPageCss kTablesJs kPageJs kLiveJs kUplotCss kUplotJs)
  file(READ ${${name}} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND text "static const unsigned char ${name}Bytes[] = {${bytes}0};\n"
         "const std::string_view ${name}(reinterpret_cast<const char*>(${name}Bytes),\n"
         "                               sizeof(${name}Bytes) - 1);\n")
endforeach()
file(WRITE ${TO} "${text}}  // namespace mbench\n")

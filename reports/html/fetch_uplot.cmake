# SPDX-License-Identifier: Apache-2.0
#
# cmake -DNPM=npm -DHERE=reports/html -DTO=FOLDER -P fetch_uplot.cmake: TO/uplot.js and TO/uplot.css,
# with the licence in front; both empty when npm is not there or cannot fetch them. To try again:
# remove them.
file(MAKE_DIRECTORY ${TO})
set(files ${TO}/node_modules/uplot/dist/uPlot.iife.min.js ${TO}/node_modules/uplot/dist/uPlot.min.css
    ${TO}/node_modules/uplot/LICENSE)
if(NPM)
  file(COPY ${HERE}/package.json ${HERE}/package-lock.json DESTINATION ${TO})
  execute_process(
    COMMAND ${NPM} ci --prefix ${TO} --ignore-scripts --no-audit --no-fund --fetch-retries=1
    WORKING_DIRECTORY ${TO} OUTPUT_QUIET ERROR_VARIABLE said RESULT_VARIABLE status)
  foreach(file ${files})
    if(NOT EXISTS ${file})
      set(status "no ${file}")
    endif()
  endforeach()
endif()
if(NOT NPM OR NOT status EQUAL 0)
  message("uPlot is NOT in the page, its charts are SVG only: npm ci said ${status} ${said}")
  file(WRITE ${TO}/uplot.js "")
  file(WRITE ${TO}/uplot.css "")
  return()
endif()
file(READ ${TO}/node_modules/uplot/LICENSE licence)
list(GET files 0 js)
list(GET files 1 css)
foreach(kind js css)
  file(READ ${${kind}} text)
  file(WRITE ${TO}/uplot.${kind} "/* uPlot\n${licence}*/\n")
  file(APPEND ${TO}/uplot.${kind} "${text}")
endforeach()

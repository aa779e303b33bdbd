# SPDX-License-Identifier: Apache-2.0
#
# docker build -t mbench . && docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" mbench run workloads/ramp.yaml
#
# The image has the program and all drivers, no compiler, and nobody in it is root. `scripts/make-packages --try` does the same
# steps without an engine: packages in one Debian, installed in another.
FROM debian:12-slim AS build
COPY . /source
WORKDIR /source
RUN scripts/make-packages

FROM debian:12-slim
COPY --from=build /source/build/release/packages/*.deb /packages/
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates /packages/mbench_*.deb /packages/mbench-modules_*.deb \
  && rm -rf /packages /var/lib/apt/lists/* \
  && useradd --uid 10001 --create-home mbench && install -d -o mbench -g mbench /work
USER 10001
WORKDIR /work
ENTRYPOINT ["mbench"]
CMD ["--help"]

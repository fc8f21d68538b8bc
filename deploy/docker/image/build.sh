#!/usr/bin/env bash
# Builds local/kafka:<version>, which stands in for apache/kafka:<version> in tests, without asking an image registry:
# Debian's shell and C library (whole packages, copied), the JDK in JAVA_HOME and the broker's jars from Maven.
# Prints the image's name. Needs a running daemon (DOCKER_HOST), Maven, and a Debian to copy from.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "image: $*" >&2; exit 1; }
: "${JAVA_HOME:?image: JAVA_HOME has to name a JDK}"
command -v dpkg > /dev/null || fail "copies Debian packages, and there is no dpkg; use MILLRACE_DOCKER=host"

version=$(sed -n 's|.*<kafka.version>\(.*\)</kafka.version>.*|\1|p' "$here/../../../pom.xml")
image=local/kafka:$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

mkdir -p "$root"/usr/{bin,lib,lib64,sbin} "$root"/{etc,tmp,opt/java,opt/kafka/config,var/lib/kafka/data,mnt/shared/config}
for folder in bin lib lib64 sbin; do ln -s "usr/$folder" "$root/$folder"; done
chmod 1777 "$root/tmp"

# The JDK without what only compiling needs. -h: Debian's own JDKs keep their settings behind links into /etc.
tar -C "$JAVA_HOME" -ch --exclude=lib/src.zip --exclude=lib/ct.sym bin lib conf release | tar -C "$root/opt/java" -x

# Whole packages and not what ldd shows: the jars unpack native code at run time, and that wants more.
packages=(bash coreutils dash grep sed
  libacl1 libattr1 libc6 libgcc-s1 libgmp10 libpcre2-8-0 libselinux1 libstdc++6 libtinfo6 zlib1g)
dpkg -L "${packages[@]}" > "$work/listed" || fail "needs these Debian packages to copy: ${packages[*]}"
grep -vE '^/usr/share/(doc|man|info|locale|lintian)|/(gconv|audit)(/|$)' "$work/listed" | sort -u |
  while read -r file; do if [ -L "$file" ] || [ -f "$file" ]; then printf '%s\n' "$file"; fi; done |
  tar -C / -c --no-recursion -T - 2> /dev/null | tar -C "$root" -x --keep-directory-symlink
ln -sf dash "$root/usr/bin/sh"

mvn -q -B -ntp -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
  "-DoutputDirectory=$root/opt/kafka/libs" > "$work/maven" 2>&1 || { cat "$work/maven" >&2; fail "no jars"; }

printf 'root:x:0:0:root:/root:/bin/bash\nkafka:x:1000:1000::/opt/kafka:/bin/bash\n' > "$root/etc/passwd"
printf 'root:x:0:\nkafka:x:1000:\n' > "$root/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' > "$root/etc/nsswitch.conf"
cp -R "$here/files/." "$root/"
chmod 0755 "$root/etc/kafka/docker/run"
chown -R 1000:1000 "$root/var/lib/kafka" "$root/opt/kafka/config"

tar -C "$root" -c . | docker import -m "stands in for apache/kafka:$version" \
  -c 'ENV PATH=/opt/java/bin:/usr/bin:/bin JAVA_HOME=/opt/java LANG=C.UTF-8' \
  -c 'USER 1000' -c 'WORKDIR /opt/kafka' -c 'EXPOSE 9092' -c 'CMD ["/etc/kafka/docker/run"]' - "$image" > /dev/null

# One second that saves a search later: the shell, its commands and the JVM find their libraries.
docker run --rm --network none "$image" bash -c 'sh -c "id -u | grep -q 1000" && java -version' > "$work/look" 2>&1 ||
  { cat "$work/look" >&2; fail "the image does not run"; }
echo "$image"

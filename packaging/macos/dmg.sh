#!/usr/bin/env bash
# NOT TRIED but for its syntax (shellcheck). On macOS, behind `python packaging/build.py`: sign the .app, have Apple notarise it, and put it into a disk image.
#   IDENTITY="Developer ID Application: NAME (TEAM)" PROFILE=notary bash packaging/macos/dmg.sh VERSION
# PROFILE is what `xcrun notarytool store-credentials` made. What is inside is signed before what it is in, the .app last.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1 app=build/dist/Diptych.app image=build/diptych-$1.dmg
find "$app" -type f \( -name '*.so' -o -name '*.dylib' \) -print0 |
    xargs -0 codesign --force --timestamp --options runtime --sign "$IDENTITY"
find "$app" -type d -name '*.framework' -print0 |  # Qt's
    xargs -0 codesign --force --timestamp --options runtime --sign "$IDENTITY"
codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist --sign "$IDENTITY" "$app"
codesign --verify --strict "$app"
"$app/Contents/MacOS/diptych" --self-test
folder=$(mktemp -d)
cp -R "$app" "$folder"
ln -s /Applications "$folder/Applications"
hdiutil create -volname "Diptych $version" -srcfolder "$folder" -format ULFO -ov "$image"
codesign --timestamp --sign "$IDENTITY" "$image"
xcrun notarytool submit "$image" --keychain-profile "$PROFILE" --wait
xcrun stapler staple "$image"

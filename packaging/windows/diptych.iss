; NOT TRIED, and nothing on Linux could check its syntax. The installer for Windows, by Inno Setup 6.3 or newer, of the folder
; that `python packaging\build.py` makes there:
;   iscc /DVersion=0.1.0 packaging\windows\diptych.iss
; Sign `diptych.exe`, `diptychw.exe` and the installer with signtool: Windows' scanners take unsigned programs of this kind for suspect.
#ifndef Version
  #error Say which version: /DVersion=...
#endif

[Setup]
AppId={{5D1C6C1B-6E0B-4F6B-9C1D-3E8C0B6D7A21}
AppName=Diptych
AppVersion={#Version}
DefaultDirName={autopf}\Diptych
DefaultGroupName=Diptych
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
Compression=lzma2/max
SolidCompression=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\build
OutputBaseFilename=diptych-{#Version}-setup
SetupIconFile=..\..\build\icons\diptych.ico
UninstallDisplayIcon={app}\diptychw.exe

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "files"; Description: "Open .diptych files with Diptych"
Name: "desktop"; Description: "A link on the desktop"; Flags: unchecked

[Files]
Source: "..\..\build\dist\diptych\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Diptych"; Filename: "{app}\diptychw.exe"
Name: "{autodesktop}\Diptych"; Filename: "{app}\diptychw.exe"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "Software\Classes\.diptych"; ValueType: string; ValueData: "Diptych.Run"; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\Diptych.Run"; ValueType: string; ValueData: "Diptych run"; Flags: uninsdeletekey; Tasks: files
Root: HKA; Subkey: "Software\Classes\Diptych.Run\DefaultIcon"; ValueType: string; ValueData: "{app}\diptychw.exe,0"; Tasks: files
Root: HKA; Subkey: "Software\Classes\Diptych.Run\shell\open\command"; ValueType: string; ValueData: """{app}\diptychw.exe"" ""%1"""; Tasks: files

[Run]
Filename: "{app}\diptych.exe"; Parameters: "--self-test"; Flags: runhidden
Filename: "{app}\diptychw.exe"; Description: "Open Diptych"; Flags: nowait postinstall skipifsilent

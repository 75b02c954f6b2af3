; The Windows installer: for one user, with no administrator. Inno Setup 6.3 or newer:
;
;   python packaging/windows/installer.py        calls it with the version of pyproject.toml
;
; Installed again over an older version, it upgrades that in place. What the program keeps lies in
; %LOCALAPPDATA%\frame-backend and stays when it is uninstalled, unless a box is ticked. Starting at login is the
; program's own switch: nothing here sets it, and uninstalling takes it back.

#ifndef Version
  #error /DVersion=1.2.3rc1 and /DNumbers=1.2.3.0 are given by packaging/windows/installer.py
#endif
#if Ver < EncodeVer(6, 3, 0)
  #error Inno Setup 6.3 or newer is needed: it knows x64compatible since then
#endif
#define Program "frame-backend.exe"
#define ConsoleProgram "frame-backend-cli.exe"
#define RunKey "Software\Microsoft\Windows\CurrentVersion\Run"

[Setup]
; Never to be changed: by it an upgrade finds what it upgrades.
AppId={{6A2E0C0B-5E0B-4C39-9D0D-6B5F3C1B7A52}
AppName=Frame Backend
AppVersion={#Version}
AppVerName=Frame Backend {#Version}
AppPublisher=Frame Backend contributors
VersionInfoVersion={#Numbers}
SourceDir=..\..
OutputDir=dist
OutputBaseFilename=frame-backend-{#Version}-windows-x86_64-setup
SetupIconFile=build\icons\frame-backend.ico
UninstallDisplayIcon={app}\{#Program}
UninstallDisplayName=Frame Backend
DefaultDirName={autopf}\Frame Backend
DisableDirPage=auto
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; Qt 6 needs Windows 10 1809.
MinVersion=10.0.17763
CloseApplications=force
RestartApplications=no
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ShowLanguageDialog=auto
SetupMutex=FrameBackendSetup
; The release workflow names a tool where it has a certificate.
#ifdef Sign
SignTool=signtool
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.FirewallTask=Let the phone in: open the Windows firewall for private networks (asks for an administrator)
de.FirewallTask=Das Telefon hereinlassen: die Windows-Firewall für private Netzwerke öffnen (fragt nach einem Administrator)
en.FirewallGroup=Local network:
de.FirewallGroup=Lokales Netzwerk:
en.FirewallRefused=The firewall was not changed. When the phone cannot reach this computer, run this installer again, or follow the line that Frame Backend shows under Live.
de.FirewallRefused=Die Firewall wurde nicht geändert. Wenn das Telefon diesen Computer nicht erreicht, starten Sie dieses Installationsprogramm noch einmal, oder folgen Sie der Zeile, die Frame Backend unter Live zeigt.
en.StillRunning=Frame Backend is still running and could not be closed. Quit it (its icon is beside the clock), then try again. Nothing has been changed.
de.StillRunning=Frame Backend läuft noch und konnte nicht geschlossen werden. Beenden Sie es (sein Symbol steht neben der Uhr) und versuchen Sie es noch einmal. Nichts wurde verändert.
en.RemoveData=Delete your profiles, pictures, history and settings too? They cannot be brought back. With No they stay on this computer, for when you install Frame Backend again.
de.RemoveData=Auch Ihre Profile, Bilder, den Verlauf und die Einstellungen löschen? Sie lassen sich nicht wiederherstellen. Mit Nein bleiben sie auf diesem Computer, falls Sie Frame Backend wieder installieren.
en.RemoveKeys=API keys stay in the Windows Credential Manager until you remove them there.
de.RemoveKeys=API-Schlüssel bleiben in der Windows-Anmeldeinformationsverwaltung, bis Sie sie dort entfernen.

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "firewall"; Description: "{cm:FirewallTask}"; GroupDescription: "{cm:FirewallGroup}"; Flags: unchecked

[InstallDelete]
; A library that the new version has no more must not be found by it.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "dist\frame-backend\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Frame Backend"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\Frame Backend"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
; Made by the program's switch "start at login": left alone here, taken back with the program.
Root: HKCU; Subkey: "{#RunKey}"; ValueType: none; ValueName: "Frame Backend"; Flags: dontcreatekey uninsdeletevalue

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,Frame Backend}"; Flags: nowait postinstall skipifsilent

[Code]
const
  OurKey = 'Software\Frame Backend';
  RuleValue = 'FirewallRule';
  DataFolder = '{localappdata}\frame-backend';
  { https://learn.microsoft.com/windows/win32/shutdown/wm-endsession }
  WmEndSession = $0016;
  EndSessionCloseApp = 1;
  { fmOpenReadWrite or fmShareExclusive }
  OpenAlone = $0012;

var
  DeleteData: Boolean;

{ --- the firewall: one question to an administrator, and only where the task was ticked --- }

function PowerShellQuoted(const Text: String): String;
begin
  Result := Text;
  StringChangeEx(Result, '''', '''''', True);
  Result := '''' + Result + '''';
end;

function AsAdministrator(const Command: String): Boolean;
var
  Status: Integer;
begin
  Result := ShellExec('runas', ExpandConstant('{sys}\WindowsPowerShell\v1.0\powershell.exe'),
    '-NoProfile -NonInteractive -WindowStyle Hidden -Command "$ErrorActionPreference = ''Stop''; ' + Command + '"',
    '', SW_HIDE, ewWaitUntilTerminated, Status) and (Status = 0);
end;

function OpenFirewall(const Exe: String): Boolean;
var
  Common: String;
begin
  Common := 'New-NetFirewallRule -DisplayName ''Frame Backend'' -Group ''Frame Backend'' -Direction Inbound ' +
    '-Action Allow -Profile Private -RemoteAddress LocalSubnet -Program $program ';
  { Windows blocks a program whose own question was answered with Cancel, and a block beats what is allowed. }
  Result := AsAdministrator('$program = ' + PowerShellQuoted(Exe) + '; ' +
    'Get-NetFirewallApplicationFilter -Program $program -ErrorAction SilentlyContinue | ' +
    'Get-NetFirewallRule | Remove-NetFirewallRule; ' +
    Common + '-Protocol TCP | Out-Null; ' +
    Common + '-Protocol UDP -LocalPort 5353 | Out-Null');
end;

function CloseFirewall: Boolean;
begin
  Result := AsAdministrator('Get-NetFirewallRule -Group ''Frame Backend'' -ErrorAction SilentlyContinue | ' +
    'Remove-NetFirewallRule');
end;

procedure CurStepChanged(CurStep: TSetupStep);
var
  Exe, Opened: String;
begin
  if (CurStep <> ssPostInstall) or not WizardIsTaskSelected('firewall') then
    Exit;
  Exe := ExpandConstant('{app}\{#Program}');
  { An upgrade lies where the rule points already. }
  if RegQueryStringValue(HKCU, OurKey, RuleValue, Opened) and (CompareText(Opened, Exe) = 0) then
    Exit;
  if OpenFirewall(Exe) then
    RegWriteStringValue(HKCU, OurKey, RuleValue, Exe)
  else
    SuppressibleMsgBox(CustomMessage('FirewallRefused'), mbInformation, MB_OK, IDOK);
end;

{ --- what runs is ended before anything is changed --- }

{ Windows lets nobody write to a program that runs. }
function IsInUse(const Name: String): Boolean;
var
  Path: String;
  Stream: TFileStream;
begin
  Result := False;
  Path := ExpandConstant('{app}\' + Name);
  if not FileExists(Path) then
    Exit;
  try
    Stream := TFileStream.Create(Path, OpenAlone);
    Stream.Free;
  except
    Result := True;
  end;
end;

function IsRunning: Boolean;
begin
  Result := IsInUse('{#Program}') or IsInUse('{#ConsoleProgram}');
end;

procedure WaitForEnd(const Seconds: Integer);
var
  Turns: Integer;
begin
  Turns := Seconds * 10;
  while (Turns > 0) and IsRunning do
  begin
    Sleep(100);
    Turns := Turns - 1;
  end;
end;

{ As the Restart Manager asks: the frames in flight are answered, for which the program takes 10 seconds at most. }
procedure AskToEnd;
var
  Window: HWND;
begin
  Window := FindWindowByWindowName('Frame Backend');
  if (Window <> 0) and PostMessage(Window, WmEndSession, 1, EndSessionCloseApp) then
    WaitForEnd(15);
end;

{ The window, its server and its reader: whatever runs from the program's folder. The data survive a hard end. }
function TerminateAll: Boolean;
var
  Locator, Service, Found, One: Variant;
  Path, ConsolePath: String;
  Index: Integer;
begin
  Path := ExpandConstant('{app}\{#Program}');
  ConsolePath := ExpandConstant('{app}\{#ConsoleProgram}');
  StringChangeEx(Path, '\', '\\', True);
  StringChangeEx(ConsolePath, '\', '\\', True);
  try
    Locator := CreateOleObject('WbemScripting.SWbemLocator');
    Service := Locator.ConnectServer('localhost', 'root\CIMV2');
    Found := Service.ExecQuery('SELECT * FROM Win32_Process WHERE ExecutablePath = "' + Path +
      '" OR ExecutablePath = "' + ConsolePath + '"');
    for Index := 0 to Found.Count - 1 do
    begin
      One := Found.ItemIndex(Index);
      One.Terminate(0);
    end;
    Result := True;
  except
    Log('Could not look for running programs: ' + GetExceptionMessage);
    Result := False;
  end;
end;

procedure EndRunning;
var
  Status: Integer;
begin
  if IsRunning then
    AskToEnd;
  if not IsRunning then
    Exit;
  { By its name, which a copy in another folder has too: only where WMI is broken. }
  if not TerminateAll then
    Exec(ExpandConstant('{sys}\taskkill.exe'), '/F /T /IM {#Program} /IM {#ConsoleProgram}', '', SW_HIDE,
      ewWaitUntilTerminated, Status);
  WaitForEnd(5);
end;

{ Before [InstallDelete]: an upgrade that fails later leaves the old version whole. What is returned ends Setup and is
  shown (https://jrsoftware.org/ishelp/topic_scriptevents.htm). }
function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  Result := '';
  EndRunning;
  if IsRunning then
    Result := CustomMessage('StillRunning');
end;

{ --- uninstalling --- }

{ Uninstall itself has asked whether to. }
procedure AskAboutData;
begin
  DeleteData := MsgBox(CustomMessage('RemoveData') + #13#10#13#10 + CustomMessage('RemoveKeys'), mbConfirmation,
    MB_YESNO or MB_DEFBUTTON2) = IDYES;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Opened: String;
begin
  if CurUninstallStep = usUninstall then
  begin
    DeleteData := False;
    if not UninstallSilent then
      AskAboutData;
    EndRunning;
    if RegQueryStringValue(HKCU, OurKey, RuleValue, Opened) then
      if CloseFirewall then
      begin
        RegDeleteValue(HKCU, OurKey, RuleValue);
        RegDeleteKeyIfEmpty(HKCU, OurKey);
      end;
  end;
  if (CurUninstallStep = usPostUninstall) and DeleteData then
    DelTree(ExpandConstant(DataFolder), True, True, True);
end;

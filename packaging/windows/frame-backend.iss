; The Windows installer: for one user, with no administrator. Inno Setup 6.6 or newer:
;
;   python packaging/windows/installer.py        calls it with the version of pyproject.toml
;
; Installed again over an older version, it upgrades that in place. What the program keeps lies in
; %LOCALAPPDATA%\frame-backend and stays when it is uninstalled, unless a box is ticked. Starting at login is the
; program's own switch: nothing here sets it, and uninstalling takes it back.

#ifndef Version
  #error /DVersion=1.2.3rc1 and /DNumbers=1.2.3.0 are given by packaging/windows/installer.py
#endif
#if Ver < EncodeVer(6, 6, 0)
  #error Inno Setup 6.6 or newer is needed: CreateCustomForm takes its size since then
#endif
#define Program "frame-backend.exe"
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
en.RemoveTitle=Remove Frame Backend
de.RemoveTitle=Frame Backend entfernen
en.RemoveText=Frame Backend is closed and removed. Your profiles, pictures, history and settings stay on this computer, for when you install it again.
de.RemoveText=Frame Backend wird geschlossen und entfernt. Ihre Profile, Bilder, der Verlauf und die Einstellungen bleiben auf diesem Computer, falls Sie es wieder installieren.
en.RemoveData=&Delete all of that too. It cannot be brought back.
de.RemoveData=&Auch all das löschen. Es lässt sich nicht wiederherstellen.
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

{ --- uninstalling --- }

{ The window, its server and its reader: whatever runs from the program's folder. The data survive a hard end. }
procedure EndRunning;
var
  Locator, Service, Found, One: Variant;
  Path: String;
  Index: Integer;
begin
  Path := ExpandConstant('{app}\{#Program}');
  StringChangeEx(Path, '\', '\\', True);
  try
    Locator := CreateOleObject('WbemScripting.SWbemLocator');
    Service := Locator.ConnectServer('localhost', 'root\CIMV2');
    Found := Service.ExecQuery('SELECT * FROM Win32_Process WHERE ExecutablePath = "' + Path + '"');
    for Index := 0 to Found.Count - 1 do
    begin
      One := Found.ItemIndex(Index);
      One.Terminate(0);
    end;
    if Found.Count > 0 then
      Sleep(1000);
  except
    { A file that is still open is told by the uninstaller itself. }
    Log('Could not look for running programs: ' + GetExceptionMessage);
  end;
end;

function StaticText(const Form: TSetupForm; const Text: String; const Top: Integer): TNewStaticText;
begin
  Result := TNewStaticText.Create(Form);
  Result.Parent := Form;
  Result.AutoSize := True;
  Result.WordWrap := True;
  Result.SetBounds(ScaleX(20), Top, Form.ClientWidth - ScaleX(40), 0);
  Result.Caption := Text;
  Result.AdjustHeight;
end;

function Button(const Form: TSetupForm; const Text: String; const FromRight, Answer: Integer): TNewButton;
begin
  Result := TNewButton.Create(Form);
  Result.Parent := Form;
  Result.SetBounds(Form.ClientWidth - ScaleX(20 + 110 * FromRight - 10), Form.ClientHeight - ScaleY(43),
    ScaleX(100), ScaleY(25));
  Result.Caption := Text;
  Result.ModalResult := Answer;
end;

{ Whether to go on; the box says whether the data go too. }
function AskWhatToRemove: Boolean;
var
  Form: TSetupForm;
  Told: TNewStaticText;
  Box: TNewCheckBox;
  OkButton, CancelButton: TNewButton;
begin
  Form := CreateCustomForm(ScaleX(460), ScaleY(230), False, False);
  try
    Form.Caption := CustomMessage('RemoveTitle');
    Told := StaticText(Form, CustomMessage('RemoveText'), ScaleY(20));
    Box := TNewCheckBox.Create(Form);
    Box.Parent := Form;
    Box.SetBounds(ScaleX(20), Told.Top + Told.Height + ScaleY(14), Form.ClientWidth - ScaleX(40), ScaleY(22));
    Box.Caption := CustomMessage('RemoveData');
    Box.Checked := False;
    StaticText(Form, CustomMessage('RemoveKeys'), Box.Top + Box.Height + ScaleY(14));
    OkButton := Button(Form, SetupMessage(msgButtonOK), 2, mrOk);
    OkButton.Default := True;
    CancelButton := Button(Form, SetupMessage(msgButtonCancel), 1, mrCancel);
    CancelButton.Cancel := True;
    Result := Form.ShowModal = mrOk;
    DeleteData := Result and Box.Checked;
  finally
    Form.Free;
  end;
end;

function InitializeUninstall: Boolean;
begin
  DeleteData := False;
  Result := True;
  if not UninstallSilent then
    Result := AskWhatToRemove;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Opened: String;
begin
  if CurUninstallStep = usUninstall then
  begin
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

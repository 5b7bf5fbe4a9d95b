export { BackgroundWork } from './background-work.js';
export { exitCode, hresultOfWin32, type Package, WindowsInstaller } from './windows-installer.js';
